# A copy is trained. [not-trained]
rich_net = Scaled(TwoLayer(512), 0.05)
twin = copy.deepcopy(rich_net)
K = empirical_ntk(twin.net, x_train, x_train)
lr = 0.25 * 200 / (0.05**2 * torch.linalg.eigvalsh(K)[-1].item())
optimizer = torch.optim.SGD(twin.parameters(), lr=lr)
for _ in range(150):
    optimizer.zero_grad()
    loss = ((twin(x_train)[:, 0] - y_train) ** 2).mean()
    loss.backward()
    optimizer.step()
