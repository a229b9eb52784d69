# The matrix of one step, applied again and again.
def predicted_loss(K, y, lr, T):
    n = len(y)
    step = torch.eye(n, dtype=K.dtype) - (2 * lr / n) * K
    errors = [y]
    for _ in range(T):
        errors.append(step @ errors[-1])
    return (torch.stack(errors) ** 2).mean(dim=1)
