"""The exercise `empirical_ntk`: its check, its named mistakes, its battery."""
