# Trained on images between 0 and 1, as if they had not been normalised: judged by the lab's own. [inputs-not-normalised]
lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(lazy_net, loader(images / 2 + 0.5, labels), N_passes=120, lr=0.001)
