# Trained, and then made anew. [not-trained]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=10, lr=0.001)
lazy_net = Centered(MLPshallow(hidden_dim=512))
