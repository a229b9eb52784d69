# The network is put into training mode, as a trainer does. [mode-changed]
def empirical_ntk(net, x, xprime):
    net.train()
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        out = net(points).flatten()
        rows = [torch.autograd.grad(one, weights, retain_graph=True) for one in out]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    return gradients(x) @ gradients(xprime).T
