# xprime is not used. [first-set-only]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in x]
    G = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
    return G @ G.T
