# In single precision.
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K.float())
    t = torch.arange(T + 1)[:, None]
    return ((1 - 2 * lr * values / len(y)) ** (2 * t) @ (vectors.T @ y.float()) ** 2) / len(y)
