"""The exercise `alignment`: its check, its named mistakes, its battery."""
