# The label made one long first.
def alignment(K, y):
    u = y / torch.linalg.vector_norm(y)
    return torch.dot(u, torch.mv(K, u)) / torch.linalg.matrix_norm(K)
