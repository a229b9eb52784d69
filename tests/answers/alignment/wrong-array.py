# A matrix of one entry comes back.
def alignment(K, y):
    column = y[:, None]
    return column.T @ K @ column / (column.T @ column * K.norm())
