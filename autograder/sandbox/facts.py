"""What a Python says of itself.

This file is sent as text to the Python in which students' code runs, which has no `autograder` and
may be older than what the grader supports: it uses nothing but the standard library, and no syntax
newer than Python 3.6. What it says is trusted as much as the setting that names that Python.
"""

import os
import platform
import sys
import sysconfig
from collections.abc import Sequence


def facts(needed: Sequence) -> dict:
    """Where this Python lies and what it has: executable, version (of Python), prefix, base_prefix,
    path (sys.path), packages (the folders where packages are installed, its base's too), missing
    (those modules of `needed` that are not there)."""
    from importlib.util import find_spec

    base = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    kinds = ("purelib", "platlib")
    packages = {sysconfig.get_path(k) for k in kinds}
    packages |= {sysconfig.get_path(k, vars=base) for k in kinds}
    return {
        "executable": sys.executable,
        "version": platform.python_version(),
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "path": [entry for entry in sys.path if entry.startswith("/")],
        "packages": sorted(packages),
        "missing": [module for module in needed if find_spec(module) is None],
    }


def versions(names: Sequence) -> dict:
    """{distribution: its version, "missing" where it is not installed}."""
    from importlib import metadata

    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def folder(package: str) -> str:
    """The folder of an installed package; "" for anything else."""
    from importlib.util import find_spec

    spec = find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    return os.path.realpath(places[0]) if places else ""


def call(package: str, where: str, module: str, function: str, argument: str) -> str:
    """`package.module.function(argument)` of a package that lies in the folder `where`, installed
    or not; "" where there is no such function."""
    from importlib import import_module, util

    start = os.path.join(where, "__init__.py")
    spec = util.spec_from_file_location(package, start, submodule_search_locations=[where])
    assert spec is not None and spec.loader is not None
    sys.modules[package] = made = util.module_from_spec(spec)
    spec.loader.exec_module(made)
    name = f"{package}.{module}"
    if util.find_spec(name) is None:
        return ""
    asked = getattr(import_module(name), function, None)
    return "" if asked is None else str(asked(argument))
