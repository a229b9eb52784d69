# The gradient of the sum of all outputs. [summed-over-outputs]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    left = torch.autograd.grad(net(x).sum(), weights)
    right = torch.autograd.grad(net(xprime).sum(), weights)
    value = sum((g * h).sum() for g, h in zip(left, right))
    return value.expand(len(x), len(xprime))
