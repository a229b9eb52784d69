# alpha is stored and not used. [not-scaled]
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        return self.net(x) - self.initial(x)

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
