# The last loss only. [last-only]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    return ((1 - 2 * lr * values / len(y)) ** (2 * T) @ (vectors.T @ y) ** 2) / len(y)
