# The loss before the first step is left out. [first-step-missing]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(1, T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
