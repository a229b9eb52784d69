# All parameters, also those that are frozen. [frozen-too]
def empirical_ntk(net, x, xprime):
    weights = {name: w.detach() for name, w in net.named_parameters()}

    def outputs(values, points):
        return functional_call(net, values, (points,)).reshape(-1)

    left, right = (jacrev(outputs)(weights, points) for points in (x, xprime))
    return sum(left[name].flatten(1) @ right[name].flatten(1).T for name in weights)
