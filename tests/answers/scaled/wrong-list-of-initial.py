# initial is a list of weights.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = [w.detach().clone() for w in net.parameters()]

    def forward(self, x):
        names = [name for name, _ in self.net.named_parameters()]
        start = torch.func.functional_call(self.net, dict(zip(names, self.initial)), (x,))
        return self.alpha * (self.net(x) - start)

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
