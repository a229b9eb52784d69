"""The measurements behind the README's figures: `make bench`, or `python -m bench NAME`.

Everything is a ratio of two things timed in one run on one machine; absolute times are printed for
orientation only.
"""
