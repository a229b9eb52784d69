# Five passes are not enough. [too-short]
lazy_net = Centered(MLPshallow(hidden_dim=1000))
losses = train(lazy_net, trainloader, N_passes=5, lr=0.001)
