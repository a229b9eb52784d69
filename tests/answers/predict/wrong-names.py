# The names of the classes instead of their numbers.
import torch


def predict(net, images):
    with torch.no_grad():
        far_side = (9 * net(images) > (c1 + c2) / 2).squeeze(1)
    return ["dress" if far else "trouser" for far in far_side]
