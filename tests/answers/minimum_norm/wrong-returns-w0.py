# The start. [returns-w0]
import numpy as np


def minimum_norm(X, Y, w0):
    return w0
