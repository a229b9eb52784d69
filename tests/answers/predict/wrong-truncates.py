# Cut off to a whole number. [rounds]
import torch


def predict(net, images):
    with torch.no_grad():
        return (9 * net(images)).long().squeeze(1)
