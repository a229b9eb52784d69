# The lazy protocol: a centred network, a small step, 200 passes.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
losses = train(lazy_net, trainloader, N_passes=200, lr=0.001)
