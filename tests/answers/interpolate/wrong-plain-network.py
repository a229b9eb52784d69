# No Centered at all. [not-centred]
lazy_net = MLPshallow(hidden_dim=1000)
losses = train(lazy_net, trainloader, N_passes=2, lr=0.001)
