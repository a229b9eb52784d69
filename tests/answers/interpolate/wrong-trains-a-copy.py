# A copy is trained, and thrown away. [not-trained]
import copy

lazy_net = Centered(MLPshallow(hidden_dim=512))
losses = train(copy.deepcopy(lazy_net), trainloader, N_passes=10, lr=0.001)
