# backward on the network itself; what stood in .grad is put back.
def empirical_ntk(net, x, xprime):
    weights = [w for w in net.parameters() if w.requires_grad]
    before = [w.grad for w in net.parameters()]
    rows = []
    for point in torch.cat([x, xprime]):
        for w in net.parameters():
            w.grad = None
        net(point[None]).sum().backward()
        rows.append(torch.cat([w.grad.flatten() for w in weights]))
    for w, grad in zip(net.parameters(), before):
        w.grad = grad
    return torch.stack(rows[: len(x)]) @ torch.stack(rows[len(x) :]).T
