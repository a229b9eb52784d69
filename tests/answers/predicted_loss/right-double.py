# Everything is made double precision first.
def predicted_loss(K, y, lr, T):
    K, y = K.double(), y.double()
    values, vectors = torch.linalg.eigh((K + K.T) / 2)
    shares = (y @ vectors).pow(2)
    factor = 1 - 2 * lr * values / y.numel()
    exponents = 2 * torch.arange(T + 1, dtype=torch.float64)
    return (factor.abs()[None] ** exponents[:, None] * shares).sum(1) / y.numel()
