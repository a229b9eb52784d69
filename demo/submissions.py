"""Makes submissions out of the release: each exercise's cell filled with an answer from a file or
from the master."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import is_grade, is_solution

from autograder.assignment.cells import grade_id

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tests" / "answers"
RICH_ESSAY = (
    "For large alpha the weights hardly move, the kernel stays, and the loss is the one that it "
    "predicts. For small alpha the kernel turns towards the labels: two inputs out of thirty. That "
    "is worth it where features must be found; on FashionMNIST the first kernel was good enough."
)
ESSAY = (
    "With the document's step size the first steps overshoot and the network leaves the "
    "neighbourhood of its "
    "initialisation; its own output at initialisation is part of the prediction as well. With "
    "small steps and a "
    "centred network the weights barely move, and it agrees with the kernel."
)

Notebooks = dict[str, NotebookNode]


def read_notebooks(folder: Path) -> Notebooks:
    return {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted(Path(folder).glob("*.ipynb"))
    }


def write_notebooks(notebooks: Mapping[str, NotebookNode], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")


def answer(exercise: str, name: str) -> str:
    """The text of `tests/answers/<exercise>/<name>.py`."""
    return (ANSWERS / exercise / f"{name}.py").read_text()


def solutions(masters: Mapping[str, NotebookNode]) -> dict[str, str]:
    """{exercise: the master's answer}, without the markers of the solution region; a short text for
    free answers."""
    found = {}
    for notebook in masters.values():
        for cell in notebook.cells:
            if is_solution(cell):
                lines = [
                    x
                    for x in cell.source.splitlines()
                    if "### BEGIN" not in x and "### END" not in x
                ]
                essay = RICH_ESSAY if grade_id(cell) == "lazy_or_rich" else ESSAY
                found[grade_id(cell)] = essay if is_grade(cell) else "\n".join(lines)
    return found


def fill(release: Mapping[str, NotebookNode], answers: Mapping[str, str]) -> Notebooks:
    """A copy of the release with `answers` ({exercise: text}) written into its cells."""
    filled = copy.deepcopy(dict(release))
    missing = set(answers)
    for notebook in filled.values():
        for cell in notebook.cells:
            if is_solution(cell) and grade_id(cell) in answers:
                cell.source = answers[grade_id(cell)]
                missing.discard(grade_id(cell))
    if missing:
        raise KeyError(f"the release has no cells for {sorted(missing)}")
    return filled


def ran(filled: Notebooks, masters: Mapping[str, NotebookNode]) -> Notebooks:
    """Gives the cells without an answer the outputs that a right answer leads to: those of the
    masters."""
    for name, notebook in filled.items():
        outputs = {
            cell.id: cell.outputs
            for cell in masters[name].cells
            if cell.cell_type == "code" and not is_grade(cell)
        }
        for cell in notebook.cells:
            if cell.id in outputs:
                cell.outputs = copy.deepcopy(outputs[cell.id])
    return filled


def other_style(exercises: Iterable[str]) -> dict[str, str]:
    """A right answer to each of these exercises that has one in a different style from the
    master's."""
    paths = {name: ANSWERS / name / "right-other-style.py" for name in exercises}
    return {name: path.read_text() for name, path in paths.items() if path.exists()}


def classroom(release: Notebooks, masters: Notebooks) -> dict[str, Notebooks | bytes]:
    """{name: notebooks}: what the class of the demonstration hands in for an assignment. `bytes`
    stands for a file that is no notebook."""
    perfect = solutions(masters)
    return (_second if "rich_net" in perfect else _first)(release, masters, perfect)


def _second(
    release: Notebooks, masters: Notebooks, perfect: dict[str, str]
) -> dict[str, Notebooks | bytes]:
    """Those of the class who have come to the second assignment."""

    def but(exercise: str, text: str) -> Notebooks:
        return fill(release, perfect | {exercise: text})

    half = ("empirical_ntk", "predicted_loss")
    return {
        "perfect": ran(fill(release, perfect), masters),
        "other-style": ran(fill(release, perfect | other_style(perfect)), masters),
        "document-kernel": but("empirical_ntk", answer("empirical_ntk", "wrong-last-layer")),
        "accuracy-only": but("rich_net", answer("rich_net", "wrong-lr-not-scaled")),
        "half-done": fill(release, {exercise: perfect[exercise] for exercise in half}),
        "blank": fill(release, {}),
        "syntax-error": but("alignment", "def alignment(K, y)\n    return 0"),
        "cheater": cheater(release),
        "messy-cells": messy(ran(fill(release, perfect), masters)),
    }


def _first(
    release: Notebooks, masters: Notebooks, perfect: dict[str, str]
) -> dict[str, Notebooks | bytes]:
    half = ("mlp", "train", "predict", "gradient_descent")
    return {
        "perfect": ran(fill(release, perfect), masters),
        "other-style": ran(fill(release, perfect | other_style(perfect)), masters),
        "document-kernel": fill(
            release, perfect | {"ntk_kernel": answer("ntk_kernel", "wrong-document-parenthesis")}
        ),
        "accuracy-only": fill(
            release, perfect | {"train": answer("train", "wrong-divides-by-ten")}
        ),
        "half-done": fill(release, {exercise: perfect[exercise] for exercise in half}),
        "blank": fill(release, {}),
        "syntax-error": fill(release, perfect | {"gen_bound": "def gen_bound(H, y)\n    return 0"}),
        "broken-file": b"{ this is not a notebook",
        "endless-loop": fill(release, perfect | {"gen_bound": "while True:\n    pass"}),
        "kernel-killer": fill(release, perfect | {"predict": "import os\nos._exit(1)"}),
        "cheater": cheater(release),
        "messy-cells": messy(ran(fill(release, perfect), masters)),
    }


def cheater(release: Notebooks) -> Notebooks:
    """Nothing solved, everything tried: tags, points, a patched interpreter, a forged result, an
    active output."""
    forged = fill(release, {})
    attack = (
        "import ast, builtins, sys, types\n"
        "class Yes:\n"
        "    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True\n"
        "    __bool__ = lambda self: True\n"
        "    __float__ = lambda self: 1e9\n"
        "fake = types.ModuleType('autograder')\n"
        "fake.check = lambda exercise: 99.0\n"
        "sys.modules['autograder'] = fake\n"
        "class NoAsserts(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(NoAsserts())\n"
        "mlp = train = predict = ntk_kernel = gen_bound = lambda *a, **k: Yes()\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a, **k: Yes()\n"
        "empirical_ntk = predicted_loss = Scaled = alignment = lambda *a, **k: Yes()\n"
        "lazy_net = rich_net = Yes()\n"
    )
    for notebook in forged.values():
        for cell in notebook.cells:
            if cell.cell_type == "code" and is_grade(cell):
                cell.metadata["tags"] = ["skip-execution"]
                cell.metadata.nbgrader["points"] = 100
                cell.source = "100.0"
                cell.outputs = [
                    new_output("execute_result", data={"text/plain": "100.0"}, execution_count=1)
                ]
            elif cell.cell_type == "code" and is_solution(cell):
                cell.source = attack
    return forged


def messy(notebooks: Notebooks) -> Notebooks:
    """Every answer right, the notebook in disorder: moved, doubled, split, renamed and deleted
    cells, own helpers."""
    for notebook in notebooks.values():
        cells = notebook.cells
        tests = [c for c in cells if grade_id(c).startswith("test_")]
        cells.remove(tests[0])  # a deleted test
        answers = [c for c in cells if c.cell_type == "code" and is_solution(c)]
        doubled = copy.deepcopy(answers[0])
        doubled.id = "copied"
        cells.insert(cells.index(answers[0]) + 1, doubled)
        moved = answers[-1]
        cells.remove(moved)
        cells.append(moved)
        answers[1].metadata.nbgrader["grade_id"] = "my_own_name"  # renamed: it runs where it stands
        answers[1].id = "renamed"
        cells.insert(3, new_code_cell("import warnings\nwarnings.warn('just so')"))
        cells.insert(4, new_code_cell("my_helper = lambda x: 1 / 0\nmy_helper(0)"))
        notebook.metadata.kernelspec = {
            "name": "conda-env-mine",
            "display_name": "mine",
            "language": "python",
        }
    return notebooks
