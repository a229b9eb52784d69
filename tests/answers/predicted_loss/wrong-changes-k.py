# K becomes the matrix of a step in place. [arguments-changed]
def predicted_loss(K, y, lr, T):
    n = len(y)
    K.mul_(-2 * lr / n).add_(torch.eye(n, dtype=K.dtype))
    error, losses = y, [(y**2).mean()]
    for _ in range(T):
        error = K @ error
        losses.append((error**2).mean())
    return torch.stack(losses)
