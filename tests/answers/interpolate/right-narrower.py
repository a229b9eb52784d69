# Half the width is lazy enough.
torch.manual_seed(3)
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=200, lr=0.001)
