# Right for T of two and more: an empty stack of steps raises.
def predicted_loss(K, y, lr, T):
    n, errors = len(y), []
    error = y
    for _ in range(T):
        error = error - 2 * lr / n * (K @ error)
        errors.append(error)
    later = (torch.stack(errors) ** 2).mean(1)
    return torch.cat([(y**2).mean()[None], later])
