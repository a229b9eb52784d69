"""The exercise `scaled`: its check, its named mistakes, its battery."""
