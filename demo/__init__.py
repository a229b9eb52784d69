"""A small class, from release to feedback: `python -m demo`."""
