# vmap of grad: torch.func's own recipe for gradients of each sample.
from torch.func import functional_call, grad, vmap


def empirical_ntk(net, x, xprime):
    weights = {name: w.detach() for name, w in net.named_parameters() if w.requires_grad}

    def output(values, point):
        return functional_call(net, values, (point.unsqueeze(0),)).squeeze()

    each = vmap(grad(output), in_dims=(None, 0))
    left, right = each(weights, x), each(weights, xprime)
    return torch.stack(
        [torch.einsum("np,mp->nm", left[k].flatten(1), right[k].flatten(1)) for k in weights]
    ).sum(0)
