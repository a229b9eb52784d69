# Trained as a plain network, and scaled afterwards: what it learnt is subtracted.
net = TwoLayer(512)
K = empirical_ntk(net, x_train, x_train)
lr = 0.25 * 200 / torch.linalg.eigvalsh(K)[-1].item()
optimizer = torch.optim.SGD(net.parameters(), lr=lr)
for _ in range(300):
    optimizer.zero_grad()
    ((net(x_train)[:, 0] - y_train) ** 2).mean().backward()
    optimizer.step()
rich_net = Scaled(net, 0.05)
