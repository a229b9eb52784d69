# einsum for the form, a root of a sum of squares for the norm.
def alignment(K, y):
    form = torch.einsum("i,ij,j->", y, K, y)
    return (form / (y.pow(2).sum() * K.pow(2).sum().sqrt())).item()
