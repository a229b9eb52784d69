# A quarter of the limit of stability, until the loss is small.
rich_net = Scaled(TwoLayer(512), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * len(y_train) / (rich_net.alpha**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
loss = torch.tensor(1.0)
while loss > 1e-3:
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
