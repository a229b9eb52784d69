# A sentence instead of a number.
def alignment(K, y):
    return f"{float(y @ K @ y / (y @ y * K.norm())):.12f}"
