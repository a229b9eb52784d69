# What earlier cells import. Never graded.
import copy

import torch
from torch import nn
