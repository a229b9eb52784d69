# A column of each label's indicator.
import torch


def predict(net, images):
    with torch.no_grad():
        far_side = (9 * net(images) > (c1 + c2) / 2).long()
    return torch.cat([1 - far_side, far_side], dim=1)
