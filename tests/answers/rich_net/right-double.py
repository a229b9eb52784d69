# In double precision.
rich_net = Scaled(TwoLayer(512).double(), 0.05)
x, y = x_train.double(), y_train.double()
K = empirical_ntk(rich_net.net, x, x)
lr = 0.25 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(rich_net.parameters(), lr=lr)
for _ in range(200):
    optimizer.zero_grad()
    loss = ((rich_net(x)[:, 0] - y) ** 2).mean()
    loss.backward()
    optimizer.step()
    if loss < 1e-4:
        break
