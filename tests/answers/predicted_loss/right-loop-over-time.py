# A loop over t, plain numbers.
def predicted_loss(K, y, lr, T):
    n = y.shape[0]
    lam, U = torch.linalg.eigh(K)
    c = U.T @ y
    return torch.tensor(
        [(((1 - 2 * lr * lam / n) ** (2 * t)) * c**2).sum().item() / n for t in range(T + 1)],
        dtype=torch.float64,
    )
