# The error is y itself, changed in place. [arguments-changed]
def predicted_loss(K, y, lr, T):
    losses = [(y**2).mean()]
    for _ in range(T):
        y -= 2 * lr / len(y) * (K @ y)
        losses.append((y**2).mean())
    return torch.stack(losses)
