# The spectral norm of K. [spectral-norm]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * torch.linalg.norm(K, 2)))
