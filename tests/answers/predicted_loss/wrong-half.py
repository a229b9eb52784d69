# Half of the mean squared error. [half-loss]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / (2 * len(y))
