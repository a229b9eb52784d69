# Each direction counts the same, whatever y is. [same-share]
def predicted_loss(K, y, lr, T):
    values = torch.linalg.eigvalsh(K)
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t)).mean(1) * (y**2).mean()
