# No module at all: a class that can be called.
class Scaled:
    def __init__(self, net, alpha):
        self.net = net
        self.initial = copy.deepcopy(net)
        self.alpha = alpha

    def parameters(self):
        return self.net.parameters()

    def __call__(self, x):
        return (self.net(x) - self.initial(x)) * self.alpha
