# A tenth of the step, with momentum, is the same flow.
lazy_net = Centered(MLPshallow(hidden_dim=800))
optimizer = torch.optim.SGD(lazy_net.parameters(), lr=1e-4, momentum=0.9)
for step in range(120):
    for inputs, targets in trainloader:
        loss = F.mse_loss(lazy_net(inputs), targets.unsqueeze(1) / 9)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
