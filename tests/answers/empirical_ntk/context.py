# What earlier cells import. Never graded.
import copy

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, jacrev, vmap
