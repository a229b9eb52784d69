# Gradients by autograd.grad, steps by hand.
rich_net = Scaled(TwoLayer(512), 0.05)
top = torch.linalg.matrix_norm(empirical_ntk(rich_net.net, x_train, x_train), 2).item()
step = 200 / (4 * top * 0.05**2)
for _ in range(400):
    loss = nn.functional.mse_loss(rich_net(x_train).squeeze(1), y_train)
    if loss.item() <= 1e-3:
        break
    weights = list(rich_net.parameters())
    gradients = torch.autograd.grad(loss, weights)
    with torch.no_grad():
        for w, g in zip(weights, gradients):
            w -= step * g
