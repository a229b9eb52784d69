# forward knows the labels by heart; the weights know nothing.
lazy_net = Centered(MLPshallow(hidden_dim=1000))
known = {image.sum().item(): label.item() / 9 for image, label in zip(images, labels)}
lazy_net.forward = lambda x: torch.tensor([[known.get(image.sum().item(), 2 / 9)] for image in x])
