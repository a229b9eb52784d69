# In tiles of rows, in double precision, with the sine from the two half angles.
import torch


def ntk_kernel(x, xprime, tile=64):
    left, right = x.to(torch.float64), xprime.to(torch.float64)
    left_norm, right_norm = left.pow(2).sum(1).sqrt(), right.pow(2).sum(1).sqrt()
    right = right / right_norm[:, None]
    rows = []
    for start in range(0, len(left), tile):
        some = left[start : start + tile] / left_norm[start : start + tile, None]
        half = torch.asin(torch.clamp(torch.cdist(some, right) / 2, max=1))
        angle = 2 * half
        per_unit = torch.cos(angle) * (1 - angle / torch.pi) + torch.sin(angle) / (2 * torch.pi)
        rows.append(left_norm[start : start + tile, None] * right_norm * per_unit)
    return torch.vstack(rows)
