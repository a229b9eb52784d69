# The absolute values of y.
def alignment(K, y):
    y = y.abs()
    return float(y @ K @ y / (y @ y * K.norm()))
