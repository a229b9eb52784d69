# The labels' signs. [signs-only]
def alignment(K, y):
    y = torch.sign(y)
    return float(y @ K @ y / (y @ y * K.norm()))
