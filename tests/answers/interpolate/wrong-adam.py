# Adam moves every weight as far as any other: it interpolates, and is far from the kernel regime. [large-step]
lazy_net = Centered(MLPshallow(hidden_dim=512))
optimizer = torch.optim.Adam(lazy_net.parameters(), lr=0.01)
for _ in range(40):
    for inputs, targets in trainloader:
        optimizer.zero_grad()
        F.mse_loss(lazy_net(inputs).squeeze(1), targets / 9).backward()
        optimizer.step()
