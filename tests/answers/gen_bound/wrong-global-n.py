# Divided by the number of training points of the notebook. [lab-n]
import torch


def gen_bound(H, y):
    n = 200
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / n))
