# The Frobenius norm squared. [other-norm]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * (K**2).sum()))
