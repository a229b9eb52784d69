# y * (K @ y): a vector is left. [entry-by-entry]
def alignment(K, y):
    return y * (K @ y) / (y @ y * K.norm())
