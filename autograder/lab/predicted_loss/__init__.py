"""The exercise `predicted_loss`: its check, its named mistakes, its battery."""
