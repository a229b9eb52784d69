# parameters() as a generator, forward through functional_call.
from torch.func import functional_call


class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.alpha = alpha
        self.net = net
        self.initial = copy.deepcopy(net)
        for weight in self.initial.parameters():
            weight.requires_grad_(False)

    def forward(self, x):
        now = torch.func.functional_call(self.net, dict(self.net.named_parameters()), (x,))
        return self.alpha * now.sub(self.initial(x))

    def parameters(self, *args):
        for _, weight in self.net.named_parameters():
            yield weight
