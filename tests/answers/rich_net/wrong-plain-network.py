# A plain network, without the dial. [not-scaled]
rich_net = TwoLayer(512)
K = empirical_ntk(rich_net, x_train, x_train)
lr = 0.25 * 200 / (torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(150):
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
