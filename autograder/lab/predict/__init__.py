"""The exercise `predict`: its check, its named mistakes, its battery."""
