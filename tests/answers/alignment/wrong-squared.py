# The alignment squared. [squared]
def alignment(K, y):
    return float((y @ K @ y / (y @ y * K.norm())) ** 2)
