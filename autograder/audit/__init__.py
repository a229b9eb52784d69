"""`ntk audit`: the hidden tests put to the test. How many wrong answers they catch, how many right
ones they fail.

Answers written by hand (tests/answers), mutants of the right ones made mechanically, hostile ones
on both sides of the narrow door, and right ones again over seeds, thread counts and dtypes.
docs/audit.md says how to read the table.
"""
