# The norm of y is forgotten. [no-norm-of-y]
def alignment(K, y):
    return float(y @ K @ y / torch.linalg.norm(K))
