# A sigmoid first, then one half. [half]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(torch.sigmoid(net(images)).squeeze(1) > 0.5, c2, c1)
