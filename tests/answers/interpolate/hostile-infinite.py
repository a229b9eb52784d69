# Weights that are infinite.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
with torch.no_grad():
    lazy_net.net.lout.weight.fill_(float("inf"))
