# Rounded to three digits.
def alignment(K, y):
    return round(float(y @ K @ y / (y @ y * K.norm())), 3)
