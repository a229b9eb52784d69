# squeeze() without a dimension: one image gives a number without shape. [squeezed]
import torch


def predict(net, images):
    with torch.no_grad():
        return (c1 + (c2 - c1) * (9 * net(images) > (c1 + c2) / 2)).squeeze()
