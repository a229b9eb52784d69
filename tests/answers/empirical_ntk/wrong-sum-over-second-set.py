# Each row of x, but all of xprime at once. [summed-over-outputs]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in x]
    left = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
    right = torch.cat([g.flatten() for g in torch.autograd.grad(net(xprime).sum(), weights)])
    return (left @ right)[:, None].expand(-1, len(xprime))
