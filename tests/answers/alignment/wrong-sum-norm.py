# The sum of K's entries. [other-norm]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * K.abs().sum()))
