# The default width. [too-narrow]
lazy_net = Centered(MLPshallow())
losses = train(lazy_net, trainloader, N_passes=50, lr=0.001)
