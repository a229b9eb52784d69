# backward on the network itself; the last gradient stays in .grad. [gradients-left-behind]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def row(point):
        net.zero_grad()
        net(point[None]).sum().backward()
        return torch.cat([w.grad.flatten() for w in weights])

    return torch.stack([row(p) for p in x]) @ torch.stack([row(p) for p in xprime]).T
