"""This lab's knowledge, and the only place of it: one folder an exercise with its check, its named
mistakes and its battery, beside the trusted implementations that they share. The grader finds it by
the name that a course's configuration gives, and nothing else of `autograder` imports it."""

from importlib.util import find_spec

from ..errors import OneLine

if find_spec("ntk_helpers") is None:
    raise OneLine(f"{__name__} needs ntk_helpers: install ntk-autograder[lab].")
