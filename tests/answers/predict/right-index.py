# The two labels as a tensor, indexed by the comparison.
import torch


def predict(net, images):
    labels = torch.tensor([c1, c2])
    with torch.no_grad():
        far_side = net(images)[:, 0] * 9 > 0.5 * (c1 + c2)
    return labels[far_side.long()]
