# Labels as decimal numbers. [decimal-labels]
import torch


def predict(net, images):
    with torch.no_grad():
        return (c1 + (c2 - c1) * (9 * net(images) > (c1 + c2) / 2).float()).squeeze(1)
