# Nine times the output, without the last step to a label. [scaled-outputs]
import torch


def predict(net, images):
    with torch.no_grad():
        return 9 * net(images).squeeze(1)
