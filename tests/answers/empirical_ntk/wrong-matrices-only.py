# Parameters of two dimensions only, which leaves out biases, a vector of output weights and filters.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad and w.ndim == 2]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
