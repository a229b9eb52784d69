# The frozen copy is trained instead of the network. [frozen-copy-trained]
lazy_net = Centered(MLPshallow(hidden_dim=512))
for parameter in lazy_net.initial.parameters():
    parameter.requires_grad_(True)
losses = train(lazy_net.initial, trainloader, N_passes=10, lr=0.001)
