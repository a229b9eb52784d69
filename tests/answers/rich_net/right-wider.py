# Twice the width.
rich_net = Scaled(TwoLayer(1024), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(160):
    optimizer.zero_grad()
    ((rich_net(x_train)[:, 0] - y_train) ** 2).mean().backward()
    optimizer.step()
