# The output is compared with the threshold as if it were a label. [forgets-nine]
import torch


def predict(net, images):
    with torch.no_grad():
        return (c1 + (c2 - c1) * (net(images) > (c1 + c2) / 2)).squeeze(1)
