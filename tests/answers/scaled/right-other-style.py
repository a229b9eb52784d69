# On top of the first lab's Centered.
from ntk_helpers.training import Centered


class Scaled(Centered):
    def __init__(self, net, alpha):
        super().__init__(net)
        self.alpha = alpha

    def forward(self, x):
        return self.alpha * super().forward(x)
