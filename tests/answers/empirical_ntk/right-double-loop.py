# Pair by pair, as the definition says it.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    K = torch.zeros(len(x), len(xprime), dtype=x.dtype)
    left = [torch.autograd.grad(net(x[i : i + 1]).sum(), weights) for i in range(len(x))]
    for j in range(len(xprime)):
        right = torch.autograd.grad(net(xprime[j : j + 1]).sum(), weights)
        for i in range(len(x)):
            K[i, j] = sum((g * h).sum() for g, h in zip(left[i], right))
    return K
