"""The exercise `test_ntk_accuracy`: its check, its named mistakes, its battery."""
