"""This lab's knowledge, and the only place of it: one folder an exercise with its check, its named
mistakes and its battery, beside the trusted implementations that they share. The grader finds it by
the name that a course's configuration gives, and nothing else of `autograder` imports it."""
