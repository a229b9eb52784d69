# .grad is never reset: each gradient is added to those before it.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def row(point):
        net(point[None]).sum().backward()
        return torch.cat([w.grad.flatten() for w in weights])

    return torch.stack([row(p) for p in x]) @ torch.stack([row(p) for p in xprime]).T
