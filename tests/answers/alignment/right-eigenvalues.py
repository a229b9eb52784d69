# In the basis of eigenvectors.
def alignment(K, y):
    values, vectors = torch.linalg.eigh(K)
    shares = (vectors.T @ y) ** 2
    return float((values * shares).sum() / shares.sum() / values.square().sum().sqrt())
