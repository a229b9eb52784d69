# The kernel is centred first, as in another definition. [centred]
def alignment(K, y):
    K = K - K.mean(0) - K.mean(1, keepdim=True) + K.mean()
    return float(y @ K @ y / (y @ y * K.norm()))
