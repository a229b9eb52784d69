# All parameters are asked for their gradient: a frozen one raises.
def empirical_ntk(net, x, xprime):
    weights = list(net.parameters())

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
