# The inner network is trained towards the labels. [inner-network-trained]
rich_net = Scaled(TwoLayer(512), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.25 * 200 / torch.linalg.eigvalsh(K)[-1].item()
optimizer = torch.optim.SGD(rich_net.net.parameters(), lr=lr)
for _ in range(600):
    optimizer.zero_grad()
    ((rich_net.net(x_train)[:, 0] - y_train) ** 2).mean().backward()
    optimizer.step()
