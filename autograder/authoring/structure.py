"""What a master has to look like, so that it can be released and marked: a linter, one sentence a
fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from ..assignment.cells import grade_id
from ..checks.ids import CHECKPOINT, TEST, exercise_of

MAX_LINES = 25
TEST_CELL = re.compile(
    r"""(#.*\n)+### BEGIN HIDDEN TESTS\nfrom autograder import check\n"""
    r"""\n?check\(["'](?P<name>\w+)["']\)\n### END HIDDEN TESTS"""
)
MARKERS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def check_notebooks(
    notebooks: Mapping[str, NotebookNode], points: Mapping[str, float]
) -> list[str]:
    """Return the faults of all notebooks {name: notebook} of an assignment. points: {exercise: what
    it is worth}, as `points_of` finds it."""
    faults, found = [], []
    for name, notebook in notebooks.items():
        faults += [f"{name}: {fault}" for fault in _faults(notebook, points)]
        found += [grade_id(cell) for cell in notebook.cells if is_grade(cell) or is_solution(cell)]
    faults += [f"the exercise {e} is in no notebook." for e in points if e not in found]
    faults += [
        f"the id {e} is used {found.count(e)} times."
        for e in sorted(set(found))
        if found.count(e) > 1
    ]
    return faults


def _faults(notebook: NotebookNode, points: Mapping[str, float]) -> Iterator[str]:
    ids = [grade_id(cell) for cell in notebook.cells]
    for i, cell in enumerate(notebook.cells):
        where = f"cell {cell.id}"
        yield from (f"{where}: {fault}" for fault in _text(cell))
        if "nbgrader" not in cell.metadata:
            continue
        yield from (f"{where}: {fault}" for fault in _metadata(cell))
        if (
            grade_id(cell)
            and ids.count(grade_id(cell)) > 1
            and ids.index(grade_id(cell)) == i
            and not is_grade(cell)
        ):
            yield f"{where}: the id is used {ids.count(grade_id(cell))} times."
        if is_solution(cell):
            manual = is_grade(cell)
            yield from (
                _manual(cell, notebook.cells[:i], points) if manual else _solution(cell, i, ids)
            )
        elif is_grade(cell):
            yield from _grade(cell, ids, points)


def _text(cell: NotebookNode) -> Iterator[str]:
    if cell.cell_type == "code" and len(cell.source.splitlines()) > MAX_LINES:
        yield (
            f"{len(cell.source.splitlines())} lines of code, at most {MAX_LINES} can be read at "
            "once."
        )
    if re.search(r"^(<{7}|={7}|>{7})( |$)", cell.source, re.MULTILINE):
        yield "holds the marks of a merge conflict."
    for marker in MARKERS:
        begin, end = (
            cell.source.count(f"### BEGIN {marker}"),
            cell.source.count(f"### END {marker}"),
        )
        if begin != end:
            yield f"### BEGIN {marker} and ### END {marker} do not pair."


def _metadata(cell: NotebookNode) -> Iterator[str]:
    meta = cell.metadata.nbgrader
    if not meta.get("grade_id"):
        yield "has no grade_id."
    elif cell.id != meta.grade_id and not cell.id.startswith(meta.grade_id + "-"):
        yield "its grade_id may hold letters, digits, - and _ only."
    if meta.get("schema_version") != 3:
        yield "schema_version must be 3."
    if meta.get("cell_type", cell.cell_type) != cell.cell_type:
        yield f"says that it is a {meta.cell_type} cell, but it is a {cell.cell_type} cell."
    if meta.get("locked") == meta.get("solution"):
        yield "must be locked, or a solution, and not both."


def _solution(cell: NotebookNode, i: int, ids: list[str]) -> Iterator[str]:
    name = grade_id(cell)
    if cell.cell_type != "code" or "### BEGIN SOLUTION" not in cell.source:
        yield (
            f"cell {name}: a solution needs ### BEGIN SOLUTION, or the stub would lose its "
            "signature."
        )
    order = [CHECKPOINT + name, TEST + name]
    missing = [needed for needed in order if needed not in ids[i:]]
    for needed in missing:
        yield f"cell {name}: there is no {needed} after it."
    if not missing and ids.index(order[0]) > ids.index(order[1]):
        yield f"cell {name}: {order[0]} must stand before {order[1]}."


def _manual(
    cell: NotebookNode, before: list[NotebookNode], points: Mapping[str, float]
) -> Iterator[str]:
    name = grade_id(cell)
    if name not in points:
        yield f"cell {name}: nothing says what it is worth."
    elif (told := cell.metadata.nbgrader.get("points")) != points[name]:
        yield f"cell {name}: has {told} points, and it is worth {points[name]}."
    if "### BEGIN MARK SCHEME" not in "".join(c.source for c in [*before[-1:], cell]):
        yield f"cell {name}: there is no mark scheme in it or in the question before it."


def _grade(cell: NotebookNode, ids: list[str], points: Mapping[str, float]) -> Iterator[str]:
    name, earned = grade_id(cell), cell.metadata.nbgrader.get("points")
    if name.startswith(CHECKPOINT):
        if earned != 0:
            yield f"cell {name}: a checkpoint has 0 points, not {earned}."
        return
    if not name.startswith(TEST):
        yield f"cell {name}: a cell with points is test_<exercise> or checkpoint_<exercise>."
        return
    key = exercise_of(name, ids)
    if key not in points:
        yield (
            f"cell {name}: nothing says what {key} is worth: is there a check, checks/{key}.py in "
            "the course?"
        )
        return
    if earned != points[key]:
        yield f"cell {name}: has {earned} points, and {key} is worth {points[key]}."
    match = TEST_CELL.fullmatch(cell.source.strip())
    if match is None:
        yield (
            f"cell {name}: holds more or less than a comment and, hidden, the import and "
            "check(...)."
        )
    elif match["name"] not in (name.removeprefix(TEST), key):
        yield f"cell {name}: calls check({match['name']!r})."
