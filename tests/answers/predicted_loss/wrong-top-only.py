# The largest eigenvalue stands for all. [top-only]
def predicted_loss(K, y, lr, T):
    top = torch.linalg.eigvalsh(K)[-1]
    t = torch.arange(T + 1)
    return (1 - 2 * lr * top / len(y)) ** (2 * t) * (y**2).mean()
