# The error itself, step by step.
def predicted_loss(K, y, lr, T):
    error, losses = y.clone(), [torch.mean(y**2)]
    for _ in range(T):
        error = error - 2 * lr / len(y) * (K @ error)
        losses.append(torch.mean(error**2))
    return torch.stack(losses)
