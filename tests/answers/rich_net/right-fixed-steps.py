# A fixed number of steps, more than are needed.
rich_net = Scaled(TwoLayer(512), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * 200 / (0.05**2 * torch.linalg.eigvalsh(K).max().item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(150):
    loss = (rich_net(x_train).flatten() - y_train).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
