# Made, and not trained. [not-trained]
rich_net = Scaled(TwoLayer(512), 0.05)
