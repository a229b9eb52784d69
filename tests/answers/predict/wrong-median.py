# The median of the batch as the threshold, so that both classes are equally large. [mean-of-outputs]
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = net(images).squeeze(1)
    return torch.where(outputs > outputs.median(), c2, c1)
