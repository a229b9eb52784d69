# .grad itself is stored, which every backward changes.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def rows(points):
        found = []
        for point in points:
            net.zero_grad(set_to_none=False)
            net(point[None]).sum().backward()
            found.append([w.grad for w in weights])
        return torch.stack([torch.cat([g.flatten() for g in row]) for row in found])

    return rows(x) @ rows(xprime).T
