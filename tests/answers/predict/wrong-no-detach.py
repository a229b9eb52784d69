# NumPy is called on outputs that carry gradients.
import numpy as np


def predict(net, images):
    centred = 9 * net(images).numpy()[:, 0] - (c1 + c2) / 2
    return np.where(np.sign(centred) > 0, c2, c1).astype(int)
