# Divided by n besides. [divided-by-n]
def alignment(K, y):
    return float(y @ K @ y / (len(y) * (y @ y) * K.norm()))
