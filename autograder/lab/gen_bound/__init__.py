"""The exercise `gen_bound`: its check, its named mistakes, its battery."""
