# Each loss is taken after its step. [starts-after-a-step]
def predicted_loss(K, y, lr, T):
    error, losses = y.clone(), []
    for _ in range(T + 1):
        error = error - 2 * lr / len(y) * (K @ error)
        losses.append(torch.mean(error**2))
    return torch.stack(losses)
