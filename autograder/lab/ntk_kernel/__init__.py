"""The exercise `ntk_kernel`: its check, its named mistakes, its battery."""
