# A list of Python integers, the nearer label by min with a key.
import torch


def predict(net, images):
    with torch.no_grad():
        numbers = (9 * net(images)).flatten().tolist()
    return torch.tensor([min((c1, c2), key=lambda label: abs(number - label)) for number in numbers])
