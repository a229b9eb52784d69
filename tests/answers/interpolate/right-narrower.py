# Half the width and 120 passes are lazy and long enough.
torch.manual_seed(3)
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=120, lr=0.001)
