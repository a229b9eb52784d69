# A step of an optimiser slipped in, copied from a trainer: the weights move. [gradients-left-behind]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    optimizer = torch.optim.SGD(weights, lr=1e-12)

    def row(point):
        optimizer.zero_grad()
        net(point[None]).sum().backward()
        gradient = torch.cat([w.grad.flatten() for w in weights])
        optimizer.step()
        return gradient

    return torch.stack([row(p) for p in x]) @ torch.stack([row(p) for p in xprime]).T
