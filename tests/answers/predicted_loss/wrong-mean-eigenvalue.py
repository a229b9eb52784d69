# The mean eigenvalue stands for all. [mean-eigenvalue]
def predicted_loss(K, y, lr, T):
    mean = torch.trace(K) / len(y)
    t = torch.arange(T + 1)
    return (1 - 2 * lr * mean / len(y)) ** (2 * t) * (y**2).mean()
