# named_parameters is what parameters() asks.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net = net
        self.initial = copy.deepcopy(net)
        self.alpha = float(alpha)

    def forward(self, x):
        return self.alpha * self.net(x) - self.alpha * self.initial(x).detach()

    def named_parameters(self, *args, **kwargs):
        return self.net.named_parameters(*args, **kwargs)
