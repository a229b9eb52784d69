# All 200 images in each step.
lazy_net = Centered(MLPshallow(hidden_dim=600))
losses = train(lazy_net, loader(images, labels, batch_size=200), N_passes=700, lr=0.0015)
