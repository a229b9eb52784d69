# K is divided by its norm in place. [arguments-changed]
def alignment(K, y):
    K /= K.norm()
    return float(y @ K @ y / (y @ y))
