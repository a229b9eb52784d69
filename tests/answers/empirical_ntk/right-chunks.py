# In chunks of the second set, so that a large one does not fill the memory.
def empirical_ntk(net, x, xprime, size=2):
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        return [torch.autograd.grad(net(point[None]).squeeze(), weights) for point in points]

    left = gradients(x)
    columns = []
    for start in range(0, len(xprime), size):
        right = gradients(xprime[start : start + size])
        block = 0
        for part in range(len(weights)):
            g = torch.stack([row[part].flatten() for row in left])
            h = torch.stack([row[part].flatten() for row in right])
            block = block + g @ h.T
        columns.append(block)
    return torch.cat(columns, dim=1)
