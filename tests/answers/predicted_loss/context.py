# What earlier cells import. Never graded.
import numpy as np
import torch
