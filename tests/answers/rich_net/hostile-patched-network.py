# forward knows the rule; the weights know nothing.
rich_net = Scaled(TwoLayer(512), 0.05)
rich_net.forward = lambda x: torch.sign(x[:, :1] * x[:, 1:2])
