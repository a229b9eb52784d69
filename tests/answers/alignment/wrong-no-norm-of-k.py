# The norm of K is forgotten. [no-norm-of-k]
def alignment(K, y):
    return float(y @ K @ y / (y @ y))
