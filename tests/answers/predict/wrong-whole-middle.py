# The middle by integer division. [whole-middle]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(9 * net(images).squeeze(1) > (c1 + c2) // 2, c2, c1)
