# The nuclear norm of K, which is its trace. [trace]
def alignment(K, y):
    return float(y @ K @ y / (y @ y * torch.linalg.norm(K, "nuc")))
