# The factor is kept from growing: right below the limit, wrong above. [clipped]
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    t = torch.arange(T + 1)[:, None]
    factor = (1 - 2 * lr * values / len(y)).clamp(-1, 1)
    return (factor ** (2 * t) @ (vectors.T @ y) ** 2) / len(y)
