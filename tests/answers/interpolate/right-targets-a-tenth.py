# Targets of nine tenths, as from a trainer that divides by ten: the loss stays within what is asked.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
losses = train(lazy_net, loader(images, 0.9 * labels), N_passes=200, lr=0.001)
