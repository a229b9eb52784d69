# Weight decay pulls the network towards zero.
lazy_net = Centered(MLPshallow(hidden_dim=512))
optimizer = torch.optim.SGD(lazy_net.parameters(), lr=1e-3, weight_decay=1.0)
for _ in range(60):
    for inputs, targets in trainloader:
        optimizer.zero_grad()
        F.mse_loss(lazy_net(inputs).squeeze(1), targets / 9).backward()
        optimizer.step()
