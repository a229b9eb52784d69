# The inputs are flattened, which a convolution cannot take.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        rows = [torch.autograd.grad(net(p.reshape(1, -1)).sum(), weights) for p in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
