"""The house stands as docs/developing.md draws it: the order of its wings, no circles, a lab that
nobody imports, a map that is current."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ASSIGNMENT, ROOT
from tests.helpers.lab import EXERCISES
from tools import house


@pytest.fixture(scope="module")
def arrows():
    return house.arrows()


def test_the_order_of_the_wings_is_kept_and_there_are_no_circles(arrows):
    assert len(arrows) > 90
    assert house.faults(arrows) == []
    assert max(house.floors(house.between_wings(arrows)).values()) <= 12


@pytest.mark.parametrize(
    ("name", "target", "words"),
    [
        ("autograder.checks.ask", "autograder.marking.mark", "stands above it"),
        ("autograder.marking.mark", "autograder.lab.reference", "found by name only"),
        ("autograder.text", "autograder.limits", "a circle"),
        ("autograder.attic", "autograder.text", "in no wing"),
    ],
)
def test_what_is_against_the_order_is_told(name, target, words, arrows):
    found = arrows | {"autograder.limits": {"autograder.text"}}
    found[name] = found.get(name, set()) | {target}
    assert any(words in fault and name in fault for fault in house.faults(found))


def test_imports_are_read_wherever_they_stand(tmp_path):
    path = tmp_path / "file.py"
    path.write_text(
        "import autograder.text\n"
        "def f():\n    from ..checks import base\n    from . import kernel\n"
        "if 1:\n    from .store import loads, dumps\n    from .. import errors as e\n"
    )
    known = house.modules()
    found = set(house.imports("autograder.marking.file", path, known))
    names = {"text", "checks.base", "marking.kernel", "marking.store", "errors"}
    assert found == {f"autograder.{name}" for name in names}


def test_the_map_is_current(arrows):
    page = house.PAGE.read_text()
    drawn = house.picture(house.between_wings(arrows))
    assert page == house.renewed(page, drawn), "python -m tools.house renews the map"


LAB = re.compile(
    r"\b(tp5|FashionMNIST|fashion|NTK_DATA|ntk_helpers|lazy_net|MLPshallow|hexagon|"
    rf"discussion|why_lazy|{'|'.join(EXERCISES)})\b",
    re.IGNORECASE,
)


def test_the_rest_of_the_grader_does_not_know_that_this_lab_exists():
    """No exercise, no assignment, no data set is named outside of autograder/lab."""
    assert LAB.search(ASSIGNMENT) and LAB.search('check("gen_bound")')
    found = []
    for path in sorted((ROOT / "autograder").rglob("*")):
        outside = not path.is_relative_to(ROOT / "autograder" / "lab")
        if outside and path.suffix in (".py", ".html"):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                found += [f"{path.relative_to(ROOT)}:{number}: {line}"] if LAB.search(line) else []
    assert found == []


def test_an_exercise_has_one_folder_with_everything():
    folders = sorted(p.parent for p in (ROOT / "autograder" / "lab").glob("*/check.py"))
    assert len(folders) == len(EXERCISES)
    for folder in folders:
        assert {"check.py", "mistakes.py", "battery.py"} <= {p.name for p in folder.iterdir()}


def test_every_wing_says_what_it_is_for():
    for path in sorted((ROOT / "autograder").glob("*/__init__.py")):
        lines = path.read_text().strip().splitlines()
        assert lines[0].startswith('"""') and len(lines[0]) > 20, path


PROJECTS = [(".", "ntk_helpers"), ("autograder", "autograder"), ("hub/shared", "hub/shared")]


@pytest.mark.parametrize(("project", "code"), PROJECTS)
def test_what_is_imported_is_declared(project, code):
    """Nothing is there only because something else brings it along."""
    told = tomllib.loads((ROOT / project / "pyproject.toml").read_text())["project"]
    extras = told.get("optional-dependencies", {}).values()
    lines = [line for some in (told["dependencies"], *extras) for line in some]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    files = sorted((ROOT / code).rglob("*.py"))
    own = {path.stem for path in files} | {"autograder", "ntk_helpers"}
    imported: dict[str, Path] = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            imported |= {str(name).partition(".")[0]: path for name in names}
    foreign = imported.keys() - sys.stdlib_module_names - own
    brought = metadata.packages_distributions()
    assert len(foreign) > 2
    for name in sorted(foreign):
        owners = {canonicalize_name(owner) for owner in brought[name]}
        assert owners & declared, f"{imported[name]} imports {name}, which no requirement names"


def test_no_two_files_of_tests_are_called_alike():
    """pytest could collect only one of them."""
    names = [p.name for p in (ROOT / "tests").rglob("test_*.py") if "answers" not in p.parts]
    assert sorted(names) == sorted(set(names))
