# The threshold is the mean of the outputs. [mean-of-outputs]
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = net(images).squeeze(1)
    return torch.where(outputs > outputs.mean(), c2, c1)
