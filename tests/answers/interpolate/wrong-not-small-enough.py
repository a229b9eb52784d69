# Stopped when every training image is right, long before the loss is small.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
losses = train(lazy_net, trainloader, N_passes=62, lr=0.001)
