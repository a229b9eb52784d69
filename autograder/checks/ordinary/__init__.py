"""Ordinary test cells: code with assertions, as nbgrader's courses have them, in place of a check.

They run beside the student's code. Nobody can forge what a check compares in the grader; here the
machine and everybody else are protected as ever, and a mark only against accidents."""
