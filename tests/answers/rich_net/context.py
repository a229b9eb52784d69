# What earlier cells define: the points, the dial, the kernel. Never graded.
import copy

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

from ntk_helpers.rich import TwoLayer, parity


class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        return self.alpha * (self.net(x) - self.initial(x))

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)


def empirical_ntk(net, x, xprime):
    weights = {name: w.detach() for name, w in net.named_parameters() if w.requires_grad}

    def output(values, point):
        return functional_call(net, values, (point[None],)).squeeze()

    each = vmap(grad(output), in_dims=(None, 0))
    left, right = each(weights, x), each(weights, xprime)
    return sum(left[k].flatten(1) @ right[k].flatten(1).T for k in weights)


x_train, y_train = parity(200, torch.Generator().manual_seed(0))
_ = torch.manual_seed(0)
