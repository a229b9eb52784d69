"""Kernels that harm nobody: a Jupyter kernel provisioner around bubblewrap, with limits, a warden
that ends what uses too much, and a filter of system calls. It knows nothing of notebooks or
marks."""
