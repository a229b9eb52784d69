# The division by nine undone beforehand: the outputs are the labels themselves. [labels-not-scaled]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, loader(images, 9 * labels), N_passes=40, lr=0.001)
