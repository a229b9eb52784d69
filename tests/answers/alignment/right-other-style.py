# The cosine of two matrices, K and yyᵀ, laid out flat.
def alignment(K, y):
    target = torch.outer(y, y)
    return torch.nn.functional.cosine_similarity(K.flatten(), target.flatten(), dim=0).item()
