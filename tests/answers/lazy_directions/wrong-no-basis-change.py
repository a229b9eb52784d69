# The coordinates of w itself. [own-coordinates]
import numpy as np


def lazy_directions(X, ws):
    return np.abs(ws[-1] - ws[0])
