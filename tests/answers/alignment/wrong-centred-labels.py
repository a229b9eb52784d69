# The labels are centred first. [centred]
def alignment(K, y):
    y = y - y.mean()
    return float(y @ K @ y / (y @ y * K.norm()))
