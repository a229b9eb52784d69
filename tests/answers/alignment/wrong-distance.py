# One minus the alignment. [one-minus]
def alignment(K, y):
    return float(1 - y @ K @ y / (y @ y * K.norm()))
