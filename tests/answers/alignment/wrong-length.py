# The length of Ky instead of its part along y. [direction-only]
def alignment(K, y):
    return float((K @ y).norm() / (y.norm() * K.norm()))
