# The document's step size: it interpolates in the end, but far from the kernel regime. [large-step]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, trainloader, N_passes=40, lr=0.01)
