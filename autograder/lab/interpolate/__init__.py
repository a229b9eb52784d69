"""The exercise `interpolate`: its check, its named mistakes, its battery."""
