# The network is put into evaluation mode, and stays there. [mode-changed]
def empirical_ntk(net, x, xprime):
    net.eval()
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
