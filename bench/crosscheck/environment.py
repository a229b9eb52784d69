"""A virtual environment of its own for neural-tangents, whose jax is older than anything else here
would want.

Built in `.cache/` (outside of git) when it is first asked for, and again when requirements.txt or
Python changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "neural-tangents"


def interpreter(folder: Path = FOLDER, requirements: Path = REQUIREMENTS) -> Path:
    """The environment's Python, built if need be (one or two minutes, 650 MB). Raises RuntimeError
    with pip's words."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    stamp, python = folder / "stamp", folder / "bin" / "python"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        # of two test runs at once the second waits for the first one's
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == wanted and python.exists():
            return python
        print(
            f"Installing {requirements} into {folder} (one or two minutes) …",
            file=sys.stderr,
            flush=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
        # our own pip installs into it: it needs none of its own, which takes five seconds
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
        _run([*pip, "install", "-q", "--no-deps", "-r", str(requirements)])
        stamp.write_text(wanted)
    return python


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"not installed: {(ran.stderr or ran.stdout).strip()[-1500:]}")
