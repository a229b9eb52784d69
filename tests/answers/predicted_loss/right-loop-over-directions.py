# A loop over the directions: each adds a curve of its own.
def predicted_loss(K, y, lr, T):
    n = len(y)
    values, vectors = torch.linalg.eigh(K)
    total = torch.zeros(T + 1, dtype=torch.float64)
    for i in range(n):
        share = torch.dot(vectors[:, i], y) ** 2 / n
        total += share * torch.pow((1 - 2 * lr * values[i] / n) ** 2, torch.arange(T + 1))
    return total
