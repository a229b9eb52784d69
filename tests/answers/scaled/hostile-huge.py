# Twenty million numbers instead of an answer.
class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net = self.initial = net
        self.alpha = 0 * alpha

    def forward(self, x):
        return torch.zeros(1).expand(20_000_000, 1).contiguous()
