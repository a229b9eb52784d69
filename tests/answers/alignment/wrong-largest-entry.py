# The largest entry of K. [other-norm]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * K.abs().max()))
