"""The two wheels hold what they should: the students' one nothing of the grader, the grader's one
all of it; and the grader is of use without the students' one."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.alone import outside, wheel

LAB = "autograder.lab"


def tree(package: str) -> set[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", package]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    kept = {name for name in ran.stdout.splitlines() if (ROOT / name).is_file()}
    return {name for name in kept if not name.endswith("pyproject.toml")}


@pytest.mark.parametrize(
    ("project", "package"), [(".", "ntk_helpers"), ("autograder", "autograder")]
)
def test_a_wheel_holds_its_package_and_nothing_else(tmp_path, project, package):
    with zipfile.ZipFile(wheel(project, tmp_path)) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == tree(package)


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


def test_what_only_the_lab_needs_is_an_extra(tmp_path):
    with zipfile.ZipFile(wheel("autograder", tmp_path)) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        told = metadata.PathDistribution(zipfile.Path(archive, name.removesuffix("METADATA")))
        needed, lab = set(), set()
        for line in told.requires or ():
            (lab if "extra ==" in line else needed).add(line)
    assert any("ntk-helpers" in line and '"lab"' in line for line in lab)
    assert len(needed) > 10
    assert not [line for line in needed if "ntk" in line or "torch" in line]


def test_the_grader_alone_has_neither_pytorch_nor_the_students_package(alone):
    for module in ("torch", "ntk_helpers"):
        ran = outside(alone, "-c", f"import {module}")
        assert f"ModuleNotFoundError: No module named '{module}'" in ran.stderr


def test_every_module_of_the_grader_alone_can_be_imported(alone):
    """All but the lab's and the programs."""
    code = (
        "import autograder, importlib, json, pkgutil, sys\n"
        "found = [m.name for m in pkgutil.walk_packages(autograder.__path__, 'autograder.',"
        " onerror=lambda name: None)]\n"
        f"names = [n for n in found if not n.startswith({LAB!r}) and '__main__' not in n]\n"
        "for name in names: importlib.import_module(name)\n"
        f"loaded = [m for m in sys.modules if m.startswith({LAB!r})]\n"
        "print(json.dumps([autograder.__file__, len(names), loaded]))"
    )
    ran = outside(alone, "-c", code)
    assert ran.returncode == 0, ran.stderr
    file, count, loaded = json.loads(ran.stdout)
    assert Path(file).is_relative_to(alone.parent.parent) and count > 100
    assert [name for name in loaded if name != LAB] == []


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("--version",), 0, "ntk "),
        (("release", "ps1"), 2, "holds no nbgrader_config.py"),
        (("score", "work.ipynb"), 2, "holds no nbgrader_config.py"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_commands_of_the_grader_alone_start(alone, tmp_path, command, code, words):
    (tmp_path / "work.ipynb").write_text("{}")
    course = () if command[0] == "--version" else ("--course", tmp_path)
    ran = outside(alone.parent / "ntk", *command, *course, cwd=tmp_path)
    assert ran.returncode == code, ran.stderr
    said = ran.stdout + ran.stderr
    assert words in said and "Traceback" not in said and "torch" not in said


def test_the_lab_without_its_extra_is_refused_in_a_line(alone):
    code = (
        "from autograder.checks.registry import Registry\n"
        "from autograder.errors import OneLine\n"
        f"try: Registry(packages=({LAB!r},)).find('predict')\n"
        "except OneLine as error: print(error)"
    )
    ran = outside(alone, "-c", code)
    assert ran.stdout == f"{LAB} needs ntk_helpers: install ntk-autograder[lab].\n", ran.stderr
