# The network itself is trained, and centred afterwards: what it had learnt is subtracted. [centred-after-training]
net = MLPshallow(hidden_dim=1000)
losses = train(net, trainloader, N_passes=2, lr=0.001)
lazy_net = Centered(net)
