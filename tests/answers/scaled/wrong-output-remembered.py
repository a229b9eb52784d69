# The start's outputs are remembered from the first call, whatever the inputs are.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        if not hasattr(self, "first"):
            self.first = self.initial(x).detach()
        return self.alpha * (self.net(x) - self.first.mean())

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
