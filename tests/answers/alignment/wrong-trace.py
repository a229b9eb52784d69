# The trace of K. [trace]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * torch.trace(K)))
