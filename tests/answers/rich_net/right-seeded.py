# The network's weights from a generator of its own.
rich_net = Scaled(TwoLayer(512, generator=torch.Generator().manual_seed(8)), 0.05)
K = empirical_ntk(rich_net.net, x_train, x_train)
lr = len(x_train) / (4 * rich_net.alpha**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(list(rich_net.net.parameters()), lr=lr)
for _ in range(1000):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(rich_net(x_train), y_train[:, None])
    if loss < 5e-4:
        break
    loss.backward()
    optimizer.step()
