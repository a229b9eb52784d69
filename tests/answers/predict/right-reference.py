# The document's threshold.
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = net(images)
    return (c1 + (c2 - c1) * (9 * outputs > (c1 + c2) / 2)).squeeze(1)
