# α is added. [alpha-added]
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        return self.alpha + self.net(x) - self.initial(x)

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
