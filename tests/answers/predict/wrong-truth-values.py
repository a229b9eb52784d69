# Yes and no instead of labels. [truth-values]
import torch


def predict(net, images):
    with torch.no_grad():
        return (9 * net(images) > (c1 + c2) / 2).squeeze(1)
