"""Student code in another Python than the grader's: what is asked of it, what its kernel sees, and
what is said of one that will not do."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.limits import Limits
from autograder.sandbox.bubblewrap import Sandbox, find_bwrap
from autograder.sandbox.provisioner import start_sandboxed_kernel, stop_kernel
from autograder.sandbox.python import NEEDED, PythonError, links, python_of
from autograder.sandbox.surroundings import Surroundings
from autograder.sandbox.warden import Warden
from tests.conftest import ROOT
from tests.helpers.alone import empty_environment, packages_of
from tests.helpers.pythons import ONLY_THERE, students_python

SMALL = Limits(processes=64)


@pytest.fixture(scope="module")
def students(alone, tmp_path_factory):
    return students_python(tmp_path_factory.mktemp("students") / "env", alone)


def program(path: Path, lines: str) -> Path:
    """A shell script; `$3` is the source that it is asked to run, `$4` the arguments."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def said_of(path: Path | str) -> str:
    with pytest.raises(PythonError) as caught:
        python_of(str(path))
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    return str(caught.value)


def value(code: str, expression: str, surroundings: Surroundings, sandbox: str = "bwrap"):
    """The value of an expression after some code in a fresh kernel, through JSON."""
    said = []

    def hook(message):
        content = message["content"]
        said.append(content.get("text", "") + content.get("evalue", ""))

    async def main():
        km, kc = await start_sandboxed_kernel(SMALL, sandbox=sandbox, surroundings=surroundings)
        try:
            text = f"{code}\nimport json as _json\nprint('<<' + _json.dumps({expression}))"
            await kc.execute_interactive(text, allow_stdin=False, output_hook=hook, timeout=60)
        finally:
            await stop_kernel(km, kc)

    asyncio.run(main())
    assert "<<" in "".join(said), said
    return json.loads("".join(said).rpartition("<<")[2])


SEEN = f"""
import importlib.util, os, shutil, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
def imported(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True
found = {{
    "prefix": sys.prefix,
    "python": shutil.which("python"),
    "modules": [name for name in ("torch", "numpy", {ONLY_THERE!r}) if there(name)],
    "autograder": imported("autograder"),
    "safe": sys.flags.safe_path,
}}
"""


@pytest.mark.parametrize("sandbox", ["bwrap", "none"])
def test_a_kernel_has_the_packages_of_its_own_python_and_no_others(students, sandbox):
    import torch  # this Python has it, and has not the other  # noqa: F401

    assert python_of("").versions([ONLY_THERE]) == {ONLY_THERE: "missing"}
    found = value(SEEN, "found", Surroundings(python=str(students)), sandbox)
    hidden = sandbox == "bwrap"  # without a sandbox nothing is hidden
    assert found == {
        "prefix": str(students.parent.parent),
        "python": str(students),
        "modules": ["numpy", ONLY_THERE],
        "autograder": not hidden,
        "safe": True,
    }


def test_the_sandbox_shows_neither_the_graders_environment_nor_the_grader(students, alone):
    installed = packages_of(alone) / "autograder"
    paths = [sys.prefix, *map(str, (ROOT, installed / "cli", installed / "checks" / "base.py"))]
    assert all(Path(path).exists() for path in paths)
    assert Path(sys.prefix).resolve() != Path(sys.base_prefix).resolve()
    code = f"import os; seen = [path for path in {paths!r} if os.path.exists(path)]"
    given = Surroundings(("ntk_helpers",), python=str(students))
    assert value(code + "\nimport ntk_helpers", "seen", given) == []
    assert sys.prefix in value(code, "seen", Surroundings())


def test_a_grader_that_lies_in_what_is_shown_is_hidden(students, tmp_path, monkeypatch):
    grader = students.parent.parent / "grader"  # inside of the students' environment
    grader.mkdir()
    (grader / "course.txt").touch()
    monkeypatch.setattr(sys, "prefix", str(grader))
    code = f"import os, sys; sys.exit(7 + os.path.exists({str(grader / 'course.txt')!r}))"
    given = Surroundings(python=str(students))
    try:
        sandbox = Sandbox(
            [str(students), "-c", code], SMALL, bwrap=find_bwrap(), surroundings=given
        )
        warden = Warden(sandbox, SMALL)
        assert warden.ended.wait(20)
    finally:
        shutil.rmtree(grader)
    assert (warden.returncode, warden.stderr) == (7, "")


def test_links_on_the_way_to_a_python_are_kept(alone, tmp_path):
    """An environment whose Python is a link into a folder that is itself a link, as uv makes
    them."""
    alias = tmp_path / "python-3"
    alias.symlink_to(sys.base_prefix)
    python = students_python(tmp_path / "env", alone)
    name = Path(sys.executable).resolve().name
    python.unlink()
    python.symlink_to(alias / "bin" / name)
    assert [link for link, _ in links(python)][:2] == [python, alias]
    found = value(SEEN, "found", Surroundings(python=str(python)))
    assert (found["prefix"], found["modules"]) == (
        str(tmp_path / "env"),
        ["numpy", ONLY_THERE],
    )


def test_a_shell_in_the_sandbox_of_another_python(students):
    command = [sys.executable, "-m", "autograder.sandbox", "--python", str(students), "--"]
    ran = subprocess.run(
        [*command, str(students), "-c", f"import {ONLY_THERE} as m; print(m.ANSWER)"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "42\n", ran.stderr


def test_a_python_without_what_is_needed(tmp_path):
    python = empty_environment(tmp_path / "env")
    install = f"install them there with {python} -m pip install"
    names = ", ".join(NEEDED)
    assert said_of(python) == f"{python} has no {names}: {install} {' '.join(NEEDED)}."
    (packages_of(python) / "numpy").mkdir()
    (packages_of(python) / "numpy" / "__init__.py").touch()
    rest = "ipykernel, safetensors"
    assert said_of(python) == f"{python} has no {rest}: {install} ipykernel safetensors."


def test_a_python_that_is_too_old(tmp_path):
    before = tmp_path / "before.py"
    before.write_text("import platform\nplatform.python_version = lambda: '3.10.13'\n")
    lines = f'exec {sys.executable} -I -c "$(cat {before})\n$3" "$4"'
    path = program(tmp_path / "python", lines)
    assert said_of(path) == (
        f"{path} is Python 3.10.13: student code needs 3.11 or newer (c.Marking.python)."
    )


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("exit 0", "no answer"),
        ('echo "$@"', "no answer"),
        ("echo '{}'", "no answer"),
        ("echo 'Unknown option: -I' >&2; exit 2", "Unknown option: -I"),
    ],
)
def test_a_program_that_is_no_python(tmp_path, lines, words):
    path = program(tmp_path / "python", lines)
    expected = f"{path} does not answer as a Python does ({words}): mend c.Marking.python."
    assert said_of(path) == expected


def test_no_program_at_all(tmp_path):
    assert f"{tmp_path}/none cannot be found (No such file or directory)" in said_of(
        tmp_path / "none"
    )
    assert "is a folder: c.Marking.python names a program" in said_of(tmp_path)
    assert "python3: give its whole path" in said_of("python3")
    (tmp_path / "text").write_text("no program")
    assert "(Permission denied)" in said_of(tmp_path / "text")


def test_it_is_asked_once_until_it_changes(students, tmp_path):
    log = tmp_path / "log"
    lines = f'echo asked >> {log}\nexec {students} "$@"'
    path = program(tmp_path / "python", lines)
    first = python_of(str(path))
    assert python_of(str(path)) == first
    assert log.read_text().count("asked") == 1
    assert (first.executable, first.prefix) == (str(students), str(students.parent.parent))
    later = path.stat().st_mtime + 5
    os.utime(path, (later, later))
    python_of(str(path))
    assert log.read_text().count("asked") == 2
