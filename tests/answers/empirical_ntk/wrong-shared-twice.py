# Layer by layer, from what goes in and what comes back: a layer that stands twice keeps its last visit only.
def empirical_ntk(net, x, xprime):
    layers = [m for m in net.modules() if isinstance(m, nn.Linear)]
    if not layers or any(not w.requires_grad for w in net.parameters()) or len(layers) < 2:
        weights = [w for w in net.parameters() if w.requires_grad]
        rows = [[torch.autograd.grad(net(p[None]).sum(), weights) for p in s] for s in (x, xprime)]
        left, right = (
            torch.stack([torch.cat([g.flatten() for g in row]) for row in part]) for part in rows
        )
        return left @ right.T

    def kernel_parts(points):
        seen, handles = {}, []
        for m in layers:
            handles.append(m.register_forward_hook(lambda m, i, o: seen.__setitem__(m, (i[0], o))))
        out = net(points).sum()
        slopes = torch.autograd.grad(out, [seen[m][1] for m in layers])
        for handle in handles:
            handle.remove()
        return [(seen[m][0], d) for m, d in zip(layers, slopes)]

    total = 0
    for (i, d), (j, e) in zip(kernel_parts(x), kernel_parts(xprime)):
        total = total + (d @ e.T) * (i @ j.T + 1)
    return total
