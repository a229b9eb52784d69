# A list of numbers, the outputs of the network followed as well.
def predicted_loss(K, y, lr, T):
    f, losses = torch.zeros_like(y), []
    for t in range(T + 1):
        losses.append(((f - y) ** 2).mean().item())
        f = f - lr * K @ (2 * (f - y) / len(y))
    return losses
