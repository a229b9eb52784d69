# Distances without their absolute values: c2 is always the nearer one.
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = 9 * net(images).squeeze(1)
    return torch.where(outputs - c1 < outputs - c2, c1, c2)
