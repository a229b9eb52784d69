# The solution is added up; the y on the left is forgotten. [sum-of-solution]
import torch


def gen_bound(H, y):
    return float(torch.sqrt((2 * torch.linalg.solve(H, y).sum() / len(y)).abs()))
