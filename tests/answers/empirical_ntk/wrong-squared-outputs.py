# The gradient of the squared output, as of a loss.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        rows = [torch.autograd.grad((net(point[None]) ** 2).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
