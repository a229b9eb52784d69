# The eigenvalues of the inverse. [inverse-eigenvalues]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(torch.linalg.inv(K))
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
