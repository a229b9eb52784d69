# In NumPy, with an einsum.
def predicted_loss(K, y, lr, T):
    K, y = K.numpy(), y.numpy()
    lam, U = np.linalg.eigh(K)
    decay = 1 - 2 * lr * lam / len(y)
    coefficients = np.einsum("ij,i->j", U, y)
    return np.array([np.mean((decay**t * coefficients) ** 2) for t in range(T + 1)])
