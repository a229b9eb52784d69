# In NumPy.
def alignment(K, y):
    K, y = K.numpy(), y.numpy()
    return np.dot(y, K.dot(y)) / (np.linalg.norm(y) ** 2 * np.linalg.norm(K, "fro"))
