# Directions of eigenvalue zero are dropped, with what they hold of y. [small-cut-off]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    kept = values > 1e-8 * values[-1]
    values, vectors = values[kept], vectors[:, kept]
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
