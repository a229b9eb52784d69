"""What a kernel is given of this machine, and what is kept from it: environment, packages,
fonts."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from . import facts
from .python import Python, python_of

HIDDEN = "autograder"


@dataclass(frozen=True)
class Surroundings:
    """What a kernel is given of this machine besides Python and its packages.

    helpers: packages that students import, wherever this interpreter finds them, else the one that
    the kernel runs in. data: names of environment variables, each the path of a folder of data.
    python: the path of the Python that the kernel runs in, "" for this one.
    """

    helpers: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    python: str = ""

    def interpreter(self) -> Python:
        """The Python that the kernel runs in. Raises PythonError when it cannot be used."""
        return python_of(self.python)

    def helper_folders(self) -> dict[str, Path]:
        """{package: its folder} of the helpers that are found, installed editable or not."""
        found = {name: self._folder(name) for name in self.helpers}
        return {name: folder for name, folder in found.items() if folder is not None}

    def _folder(self, name: str) -> Path | None:
        here = facts.folder(name)
        return Path(here) if here else self.interpreter().folder(name)

    def data_folders(self) -> dict[str, Path]:
        """{variable: folder} of those that are set here and lead to a folder."""
        set_here = {name: os.environ.get(name) for name in self.data}
        return {
            n: Path(path).resolve() for n, path in set_here.items() if path and Path(path).is_dir()
        }


GONE = b"raise ModuleNotFoundError(\"No module named 'autograder'\", name='autograder')\n"


def environment(home: str, helpers: str, python: Python, *, tmp: str = "/tmp") -> dict[str, str]:
    """The whole environment of a kernel: nothing of the caller's is passed on."""
    one = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMEXPR")}
    return one | {
        "PATH": f"{Path(python.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "USER": "lab",
        "LOGNAME": "lab",
        "TMPDIR": tmp,
        "LANG": "C.UTF-8",
        "PYTHONPATH": helpers,
        "PYTHONSAFEPATH": "1",  # as -P, for every Python that is started from here
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def packages_elsewhere(python: Python) -> list[Path]:
    """Folders of packages beside an environment's own: one environment may lie on top of another
    (a .pth file)."""
    return [
        p
        for p in map(Path, python.path)
        if p.name in ("site-packages", "dist-packages") and p.is_dir()
    ]


def hidden_paths(python: Python) -> list[Path]:
    """What an installed autograder left where packages are installed, for that Python, for its base
    or for this one: the package, its metadata, editable .pth and finders."""
    folders = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    folders |= {Path(entry) for entry in sys.path if entry.startswith("/")}
    folders |= {Path(entry) for entry in (*python.path, *python.packages)}
    folders |= {folder / "__pycache__" for folder in folders}
    found = [p for folder in folders for p in folder.glob("*") if HIDDEN in p.name.lower()]
    return sorted(p for p in found if not p.is_symlink())


def font_caches() -> list[Path]:
    """Matplotlib's lists of this machine's fonts, if its user ever drew a figure: they save a
    kernel one second."""
    own = os.environ.get("MPLCONFIGDIR")
    folder = (
        Path(own)
        if own
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    )
    return [p for p in folder.glob("fontlist-*.json") if p.is_file() and not p.is_symlink()]
