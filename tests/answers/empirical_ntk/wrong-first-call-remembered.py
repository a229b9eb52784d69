# The gradients of the first network are kept for all later calls.
memory = {}


def empirical_ntk(net, x, xprime):
    if "weights" not in memory:
        memory["weights"] = [w for w in net.parameters() if w.requires_grad]
        memory["net"] = net
    weights, net = memory["weights"], memory["net"]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
