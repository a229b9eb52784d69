# Rounded to four digits, for a nicer table.
import torch


def gen_bound(H, y):
    return round(float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / len(y))), 4)
