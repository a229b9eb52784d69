# n for |y|², which holds for labels of ±1 only. [n-for-y]
def alignment(K, y):
    return float(y @ K @ y / (len(y) * K.norm()))
