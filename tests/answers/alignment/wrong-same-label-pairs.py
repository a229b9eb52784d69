# The mean of K over pairs of equal labels.
def alignment(K, y):
    same = y[:, None] == y[None, :]
    return float(K[same].mean() / K.norm())
