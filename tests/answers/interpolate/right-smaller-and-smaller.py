# The step is halved on the way.
lazy_net = Centered(MLPshallow(hidden_dim=600))
losses = []
for passes, step in ((100, 1e-3), (60, 5e-4)):
    losses += train(lazy_net, trainloader, N_passes=passes, lr=step)
