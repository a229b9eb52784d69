# The middle between the batch's smallest and largest output. [mean-of-outputs]
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = net(images).squeeze(1)
    return torch.where(outputs > (outputs.min() + outputs.max()) / 2, c2, c1)
