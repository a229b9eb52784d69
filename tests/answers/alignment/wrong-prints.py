# Prints the value and returns nothing.
def alignment(K, y):
    print(float(y @ K @ y / (y @ y * K.norm())))
