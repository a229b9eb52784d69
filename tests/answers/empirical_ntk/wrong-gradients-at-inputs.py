# Gradients with respect to the inputs. [gradients-at-inputs]
def empirical_ntk(net, x, xprime):
    def gradients(points):
        points = points.clone().requires_grad_(True)
        return torch.autograd.grad(net(points).sum(), points)[0].flatten(1)

    return gradients(x) @ gradients(xprime).T
