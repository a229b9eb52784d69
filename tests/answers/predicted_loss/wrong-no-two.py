# The 2 of the square's gradient is missing. [no-two]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T + 1)[:, None]
    return ((1 - lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
