# As it is written.
def alignment(K, y):
    return float(y @ K @ y / (y @ y * torch.linalg.norm(K)))
