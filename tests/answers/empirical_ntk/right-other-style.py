# jacrev over functional_call, the whole batch at once, one weight after the other.
from torch.func import functional_call, jacrev


def empirical_ntk(net, x, xprime):
    weights = {name: w.detach() for name, w in net.named_parameters() if w.requires_grad}

    def outputs(values, points):
        return functional_call(net, values, (points,)).reshape(-1)

    left, right = (jacrev(outputs)(weights, points) for points in (x, xprime))
    return sum(left[name].flatten(1) @ right[name].flatten(1).T for name in weights)
