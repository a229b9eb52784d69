# T losses. [last-step-missing]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
