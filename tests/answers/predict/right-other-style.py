# The nearest label by distance.
import torch


@torch.no_grad()
def predict(net, images):
    labels = torch.tensor([c1, c2])
    far = (9 * net(images) - labels).abs()
    return labels[far.argmin(dim=1)]
