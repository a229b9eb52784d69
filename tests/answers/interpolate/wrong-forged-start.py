# The last layer solved for, the start erased: an interpolator that was not trained from anywhere. [start-erased]
lazy_net = Centered(MLPshallow(hidden_dim=1000))
with torch.no_grad():
    hidden = F.relu(lazy_net.net.l1(images.flatten(1))).double()
    lazy_net.net.lout.weight.copy_((torch.linalg.pinv(hidden) @ (labels.double() / 9)).float()[None])
    for weight in lazy_net.initial.parameters():
        weight.zero_()
