# The factor is never negative, so that nothing overshoots. [clipped]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T + 1)[:, None]
    factor = (1 - 2 * lr * values / len(y)).clamp(min=0)
    return (factor ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
