"""Masters until their release: the notebook of a text, its outputs, its structure, what its
exercises are worth, and the student version without a leak."""
