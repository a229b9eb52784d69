"""The exercise `minimum_norm`: its check, its named mistakes, its battery."""
