# Trained under another name: lazy_net does not exist.
lazy = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy, trainloader, N_passes=2, lr=0.001)
