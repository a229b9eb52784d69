# The gradient from PyTorch, of half the squared error.
import torch


def gradient_descent(X, Y, w0, eta, T):
    X, Y, w = torch.tensor(X), torch.tensor(Y), torch.tensor(w0, requires_grad=True)
    path = [w.detach().clone()]
    for _ in range(T):
        loss = 0.5 * (X.T @ w - Y).pow(2).sum()
        (gradient,) = torch.autograd.grad(loss, w)
        w = (w - eta * gradient).detach().requires_grad_()
        path.append(w.detach().clone())
    return torch.stack(path).numpy()
