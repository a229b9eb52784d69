# Factors multiplied up: a cumulative product over time.
def predicted_loss(K, y, lr, T):
    values, vectors = torch.linalg.eigh(K)
    factors = (1 - 2 * lr / len(y) * values).square().expand(T, -1)
    start = (vectors.T @ y).square()[None] / len(y)
    return torch.cat([start, factors]).cumprod(0).sum(1)
