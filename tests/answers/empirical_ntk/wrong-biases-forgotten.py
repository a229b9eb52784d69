# Matrices only: the biases are forgotten. [biases-left-out]
def empirical_ntk(net, x, xprime):
    weights = [w for n, w in net.named_parameters() if w.requires_grad and "bias" not in n]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
