# The given network is the frozen one, and a copy is trained.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = copy.deepcopy(net), alpha
        self.initial = net.requires_grad_(False)

    def forward(self, x):
        return self.alpha * (self.net(x) - self.initial(x))

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
