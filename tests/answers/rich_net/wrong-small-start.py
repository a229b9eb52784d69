# The weights start smaller: no fresh standard Gaussians.
net = TwoLayer(512)
with torch.no_grad():
    for w in net.parameters():
        w.mul_(0.6)
rich_net = Scaled(net, 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = 0.05 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(700):
    optimizer.zero_grad()
    loss = ((rich_net(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
