"""The exercise `gradient_descent`: its check, its named mistakes, its battery."""
