"""What a kernel is given of this machine, and what is kept from it: environment, packages,
fonts."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

HIDDEN = "autograder"


@dataclass(frozen=True)
class Surroundings:
    """What a kernel is given of this machine besides Python and its packages.

    helpers: packages that students import, wherever this interpreter finds them. data: names of
    environment variables, each the path of a folder of data.
    """

    helpers: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def helper_folders(self) -> dict[str, Path]:
        """{package: its folder} of the helpers that are found here, installed editable or not."""
        return {name: found for name in self.helpers if (found := _folder_of(name)) is not None}

    def data_folders(self) -> dict[str, Path]:
        """{variable: folder} of those that are set here and lead to a folder."""
        set_here = {name: os.environ.get(name) for name in self.data}
        return {
            n: Path(path).resolve() for n, path in set_here.items() if path and Path(path).is_dir()
        }


GONE = b"raise ModuleNotFoundError(\"No module named 'autograder'\", name='autograder')\n"


def environment(home: str, helpers: str, *, tmp: str = "/tmp") -> dict[str, str]:
    """The whole environment of a kernel: nothing of the caller's is passed on."""
    one = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMEXPR")}
    return one | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
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


def _folder_of(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]).resolve() if places else None


def packages_elsewhere() -> list[Path]:
    """Folders of packages beside this environment's own: one environment may lie on top of another
    (a .pth file)."""
    return [
        p
        for p in map(Path, sys.path)
        if p.name in ("site-packages", "dist-packages") and p.is_dir()
    ]


def hidden_paths() -> list[Path]:
    """What an installed autograder left in site-packages: the package, its metadata, editable .pth
    and finders."""
    folders = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    folders |= {Path(entry) for entry in sys.path if entry.startswith("/")}
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
