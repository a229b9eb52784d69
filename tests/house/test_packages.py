"""The two wheels hold what they should: the students' one nothing of the grader, the grader's one
all of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


def files_of(project: str, folder: Path) -> set[str]:
    """The names in the wheel of a project, its metadata left out."""
    # a copy: building leaves folders behind
    copy = folder / "copy"
    shutil.copytree(ROOT / "autograder", copy / "autograder", ignore=IGNORED)
    shutil.copytree(ROOT / "ntk_helpers", copy / "ntk_helpers", ignore=IGNORED)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    ran = subprocess.run(
        [*command, "-w", str(folder), str(copy / project)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")


def tree(package: str) -> set[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", package]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    kept = {name for name in ran.stdout.splitlines() if (ROOT / name).is_file()}
    return {name for name in kept if not name.endswith("pyproject.toml")}


@pytest.mark.parametrize(
    ("project", "package"), [(".", "ntk_helpers"), ("autograder", "autograder")]
)
def test_a_wheel_holds_its_package_and_nothing_else(tmp_path, project, package):
    assert files_of(project, tmp_path) == tree(package)


def test_the_version_stands_in_one_place():
    import autograder

    ran = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == f"ntk {autograder.__version__}"
    for project in (ROOT, ROOT / "autograder"):
        assert 'dynamic = ["version"]' in (project / "pyproject.toml").read_text()
