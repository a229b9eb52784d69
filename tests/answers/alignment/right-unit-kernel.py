# K made one long first, in a copy.
def alignment(K, y):
    K = K.clone()
    K /= K.norm()
    return (K * torch.outer(y, y)).sum().item() / (y.norm() ** 2).item()
