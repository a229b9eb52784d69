# |y| instead of its square. [norm-of-y-not-squared]
def alignment(K, y):
    return float(y @ K @ y / (y.norm() * K.norm()))
