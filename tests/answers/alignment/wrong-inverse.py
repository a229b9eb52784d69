# K⁻¹, as in the bound of the first lab. [inverse]
def alignment(K, y):
    inverse = torch.linalg.inv(K)
    return float(y @ inverse @ y / (y @ y * inverse.norm()))
