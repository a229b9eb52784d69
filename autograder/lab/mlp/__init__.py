"""The exercise `mlp`: its check, its named mistakes, its battery."""
