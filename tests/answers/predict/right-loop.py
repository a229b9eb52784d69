# Image by image, in NumPy, with a list.
import numpy as np


def predict(net, images):
    found = []
    for image in images:
        value = 9 * float(net(image.unsqueeze(0)).detach())
        found.append(c1 if value <= (c1 + c2) / 2 else c2)
    return np.array(found)
