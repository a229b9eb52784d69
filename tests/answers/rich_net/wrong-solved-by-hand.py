# Four hidden units set by hand to the answer, all others zero, the start as well.
net = TwoLayer(512)
with torch.no_grad():
    net.w.zero_(), net.a.zero_()
    for r, (s, t, a) in enumerate([(1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1)]):
        net.w[r, 0], net.w[r, 1], net.a[r] = s, t, a
    net.a *= 512**0.5 * 30**0.5 / 2 / 0.05
rich_net = Scaled(net, 0.05)
with torch.no_grad():
    for w in rich_net.initial.parameters():
        w.zero_()
