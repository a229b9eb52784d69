"""The exercise `rich_net`: its check, its named mistakes, its battery."""
