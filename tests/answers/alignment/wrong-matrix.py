# y * K * y: a product entry by entry.
def alignment(K, y):
    return y * K * y / (y @ y * K.norm())
