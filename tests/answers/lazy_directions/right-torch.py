# PyTorch's eigh, and a tensor that goes back to NumPy.
import torch


def lazy_directions(X, ws):
    X, ws = torch.as_tensor(X), torch.as_tensor(ws)
    values, vectors = torch.linalg.eigh(torch.matmul(X, X.t()))
    return torch.abs(torch.matmul(vectors.t(), ws[-1] - ws[0])).numpy()
