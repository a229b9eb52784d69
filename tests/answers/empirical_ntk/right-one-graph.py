# One forward pass, then a backward pass for each output through the same graph.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def jacobian(points):
        out = net(points).flatten()
        rows = []
        for i in range(len(out)):
            parts = torch.autograd.grad(out[i], weights, retain_graph=True)
            rows.append(torch.cat([part.reshape(-1) for part in parts]))
        return torch.stack(rows)

    return torch.mm(jacobian(x), jacobian(xprime).t())
