# Entry by entry with the diagonal only. [diagonal-only]
def alignment(K, y):
    return float((y * torch.diag(K) * y).sum() / (y @ y * K.norm()))
