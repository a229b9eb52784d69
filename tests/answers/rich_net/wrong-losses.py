# The losses are kept, and the network is overwritten by them.
rich_net = Scaled(TwoLayer(512), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
losses = []
for _ in range(150):
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
rich_net = losses
