# Trained on labels that were spread before: every image is on the right side, the loss stays large.
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, loader(images, 2 + 1.8 * (labels - 2)), N_passes=70, lr=0.001)
