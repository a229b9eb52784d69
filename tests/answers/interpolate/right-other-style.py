# In rounds of 25 passes, until the loss is small.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
for _ in range(12):
    losses = train(lazy_net, trainloader, N_passes=25, lr=0.001)
    if max(losses[-7:]) < 5e-4:
        break
