# lerp from the start to the network: at α it is α times the way.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.initial, self.alpha = net, copy.deepcopy(net), alpha
        self.initial.requires_grad_(False)

    def forward(self, x):
        start = self.initial(x)
        return torch.lerp(torch.zeros_like(start), self.net(x) - start, self.alpha)

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)
