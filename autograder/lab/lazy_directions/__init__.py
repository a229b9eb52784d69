"""The exercise `lazy_directions`: its check, its named mistakes, its battery."""
