# A step of one: the weights are infinite soon.
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=10, lr=1.0)
