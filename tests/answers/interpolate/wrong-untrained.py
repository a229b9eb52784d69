# Made, but not trained. [not-trained]
lazy_net = Centered(MLPshallow(hidden_dim=1000))
