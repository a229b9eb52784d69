"""What was set: an assignment's masters as data that can be pickled and travels to workers."""
