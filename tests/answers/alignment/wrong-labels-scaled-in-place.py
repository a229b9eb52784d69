# y is made one long in place. [arguments-changed]
def alignment(K, y):
    y.div_(y.norm())
    return float(y @ K @ y / K.norm())
