# A root too many. [root]
def alignment(K, y):
    return float(torch.sqrt(y @ K @ y / (y @ y * K.norm())))
