# A text for the table.
import torch


def gen_bound(H, y):
    return f"{float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / len(y))):.3f}"
