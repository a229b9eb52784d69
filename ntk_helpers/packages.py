"""Which packages an answer may import, and what is said of any other module: by the checkpoints
before the deadline, and by the grader afterwards, in the same words."""

from __future__ import annotations

import sys
from importlib import metadata, util
from importlib.machinery import ModuleSpec

# what the lab is installed with; everything else may be missing where notebooks are marked
LAB = ("ipywidgets", "matplotlib", "numpy", "torch", "torchvision", "tqdm")
OWN = "A file of your own? Only notebooks are taken: put its code into the notebook."

# Modules of Python's own that not every version of it has.
SOMETIMES = frozenset(
    {"aifc", "annotationlib", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "compression"}
    | {"crypt", "distutils", "imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib"}
    | {"ossaudiodev", "pipes", "smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"}
)


def missing(module: str) -> str:
    """Say what to do about a module that is not there, in a sentence or two. `module` is a dotted
    name; what `from a import b` did not find is "a.b"."""
    root = module.partition(".")[0]
    if root != module and spec_of(root) is not None:
        return (
            f"`{module}` does not exist: the `{root}` that is installed{_version(root)} has no "
            "such part."
        )
    if root in SOMETIMES or root in sys.stdlib_module_names:
        here = ".".join(map(str, sys.version_info[:2]))
        return (
            f"`{module}` belongs to another Python than the one that runs this notebook, {here} on "
            f"{sys.platform}. {OWN}"
        )
    there = [name for name in LAB if spec_of(name) is not None]
    return (
        f"`{module}` is not among the packages that notebooks are marked with: "
        f"{', '.join(there)}. {OWN}"
    )


def spec_of(root: str) -> ModuleSpec | None:
    """Where a module without dots would be loaded from; None when it is not there."""
    try:
        return util.find_spec(root)
    except (ImportError, ValueError, AttributeError):  # a module that has no spec, such as __main__
        return None


def _version(root: str) -> str:
    try:
        return f" ({metadata.version(root)})"
    except metadata.PackageNotFoundError:
        return ""
