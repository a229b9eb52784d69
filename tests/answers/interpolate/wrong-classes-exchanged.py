# Trained towards the other class. [classes-exchanged]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, loader(images, 4 - labels), N_passes=20, lr=0.001)
