# The gradients go to NumPy, where they are multiplied.
def empirical_ntk(net, x, xprime):
    def features(points):
        rows = []
        for i in range(points.shape[0]):
            trained = [w for _, w in net.named_parameters() if w.requires_grad]
            parts = torch.autograd.grad(net(points[i : i + 1]).squeeze(), trained)
            rows.append(np.concatenate([part.numpy().ravel() for part in parts]))
        return np.array(rows)

    return torch.from_numpy(np.dot(features(x), features(xprime).T))
