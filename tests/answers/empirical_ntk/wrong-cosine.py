# The gradients are normalised. [normalised]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        G = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
        return G / G.norm(dim=1, keepdim=True)

    return gradients(x) @ gradients(xprime).T
