# backward, and zero_grad at the end: gradients that were there are lost. [gradients-erased]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def row(point):
        net.zero_grad()
        net(point[None]).sum().backward()
        return torch.cat([w.grad.flatten() for w in weights])

    K = torch.stack([row(p) for p in x]) @ torch.stack([row(p) for p in xprime]).T
    net.zero_grad()
    return K
