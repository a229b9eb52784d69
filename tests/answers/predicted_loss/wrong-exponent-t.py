# The exponent is t, not 2t. [exponent-t]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** t @ (vectors.T @ y) ** 2) / len(y)
