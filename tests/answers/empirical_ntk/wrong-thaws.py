# Frozen weights are thawed for good, and counted.
def empirical_ntk(net, x, xprime):
    net.requires_grad_(True)
    weights = list(net.parameters())

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
