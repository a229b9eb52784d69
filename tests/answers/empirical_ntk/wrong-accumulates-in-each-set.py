# .grad is reset once for each set of inputs only. [gradients-accumulate]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def rows(points):
        net.zero_grad()
        found = []
        for point in points:
            net(point[None]).sum().backward()
            found.append(torch.cat([w.grad.flatten() for w in weights]))
        return torch.stack(found)

    return rows(x) @ rows(xprime).T
