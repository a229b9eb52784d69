"""The exercise `train`: its check, its named mistakes, its battery."""
