# The nearest whole number, which may be no label at all. [rounds]
import torch


def predict(net, images):
    with torch.no_grad():
        return (9 * net(images)).round().long().squeeze(1)
