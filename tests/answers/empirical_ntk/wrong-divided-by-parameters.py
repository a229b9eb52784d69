# A mean over the weights instead of a sum. [divided-by-parameters]
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]

    def gradients(points):
        rows = [torch.autograd.grad(net(point[None]).sum(), weights) for point in points]
        return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])

    left, right = gradients(x), gradients(xprime)
    return (left[:, None] * right[None]).mean(2)
