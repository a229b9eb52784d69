# Labels of -1 and 1, as for a classifier by sign. [labels-minus-two]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, loader(images, labels - 2), N_passes=40, lr=0.001)
