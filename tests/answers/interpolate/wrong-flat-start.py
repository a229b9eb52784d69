# All weights equal at the start: the hidden units never differ. [equal-units]
network = MLPshallow(hidden_dim=512)
for weight in network.parameters():
    nn.init.constant_(weight, 0.01)
lazy_net = Centered(network)
losses = train(lazy_net, trainloader, N_passes=20, lr=0.001)
