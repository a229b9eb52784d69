# α is a parameter that is trained too.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, nn.Parameter(torch.tensor(float(alpha)))
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        return self.alpha * (self.net(x) - self.initial(x))

    def parameters(self, recurse=True):
        return (w for w in super().parameters(recurse) if w.requires_grad)
