# The frozen half is trained as well, towards the other side. [initial-trained]
rich_net = Scaled(TwoLayer(512), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.125 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
rich_net.initial.requires_grad_(True)
both = [*rich_net.net.parameters(), *rich_net.initial.parameters()]
optimizer = torch.optim.SGD(both, lr=lr)
for _ in range(200):
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
