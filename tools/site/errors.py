"""What stops the making of the site."""


class BuildError(Exception):
    """The site cannot be made. `str(error)` is one line that says what to do."""
