# What the trainer returns is taken for the network.
lazy_net = train(Centered(MLPshallow(hidden_dim=512)), trainloader, N_passes=2, lr=0.001)
