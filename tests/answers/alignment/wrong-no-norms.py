# No norms at all. [no-norms]
def alignment(K, y):
    return float(y @ K @ y)
