"""What students take along: the notebooks, the package that they import, and a folder with all of
it that is also what a hub, Binder or Colab can open."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from time import localtime

from autograder.text import last_line

from .errors import BuildError
from .notebook import Lab

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = "ntk-lab"
WHEEL_NEEDS = ("pyproject.toml", "LICENSE", "ntk_helpers", "autograder/__init__.py")


def wheel(folder: Path) -> Path:
    """Build the students' package into `folder`, from a copy: nothing is left in the clone. Raises
    BuildError."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for part in WHEEL_NEEDS:
            (copy / part).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                leave = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / part, copy / part, ignore=leave)
            else:
                shutil.copy(ROOT / part, copy / part)
        options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
        command = [sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(copy)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = list(folder.glob("ntk_helpers-*.whl"))
    if run.returncode != 0 or len(found) != 1:
        reason = last_line(run.stderr) or "no reason given"
        raise BuildError(f"The students' package cannot be built: {reason}")
    return found[0]


def downloads(folder: Path, labs: list[Lab]) -> None:
    """Fill `folder`: each notebook as it is released, the package, and one archive of all."""
    for lab in labs:
        (folder / lab.assignment).mkdir(parents=True, exist_ok=True)
        shutil.copy(lab.path, folder / lab.assignment / lab.path.name)
    package = wheel(folder)
    needs = requirements(f"./{package.name}")
    with zipfile.ZipFile(folder / f"{BUNDLE}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for lab in labs:
            archive.write(lab.path, f"{BUNDLE}/{lab.assignment}/{lab.path.name}")
        archive.write(package, f"{BUNDLE}/{package.name}")
        archive.write(ROOT / "LICENSE", f"{BUNDLE}/LICENSE")
        _write(archive, f"{BUNDLE}/requirements.txt", needs)
        _write(archive, f"{BUNDLE}/environment.yml", ENVIRONMENT)
        # the same for Binder, which looks here
        _write(archive, f"{BUNDLE}/.binder/requirements.txt", needs)
        archive.write(ROOT / ".binder" / "runtime.txt", f"{BUNDLE}/.binder/runtime.txt")


def _write(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Readable by everybody: by itself `writestr` makes files that only who unpacks them reads."""
    entry = zipfile.ZipInfo(name, date_time=localtime()[:6])
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def requirements(package: str) -> str:
    """The lines of `.binder/requirements.txt`, for the package at `package`."""
    lines = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    return "\n".join(package if line == "." else line for line in lines) + "\n"


ENVIRONMENT = """\
# conda env create -f environment.yml && conda activate ntk-lab && jupyter lab
name: ntk-lab
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - -r requirements.txt
"""
