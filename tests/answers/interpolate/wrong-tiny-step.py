# A step a hundred times too small: after all passes hardly anything is learnt. [too-short]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=60, lr=1e-5)
