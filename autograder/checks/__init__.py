"""The language of checks: criteria that ask through the narrow door, comparisons, verdicts, and
mistakes that have a name. It knows no exercise: the checks themselves live in packages that a
course names, or in the course's own folder `checks/`."""
