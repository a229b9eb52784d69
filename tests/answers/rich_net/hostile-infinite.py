# Weights that are infinite.
rich_net = Scaled(TwoLayer(512), 0.05)
with torch.no_grad():
    rich_net.net.a.fill_(float("inf"))
