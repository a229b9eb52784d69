# α = 1: half way along the dial. [lazy]
rich_net = Scaled(TwoLayer(512), 1.0)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * 200 / (1.0**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(900):
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
