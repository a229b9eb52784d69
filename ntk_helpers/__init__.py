"""What students import in the lab on the Neural Tangent Kernel: data, kernels, training, plots,
checkpoints.

Nothing is imported here, so that ``import ntk_helpers`` costs nothing; take what you need from the
modules, for instance ``from ntk_helpers.data import fashion_pair``.
"""
