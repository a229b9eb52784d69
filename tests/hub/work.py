"""What the students of the test hand in, and where its cells are."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from demo.submissions import answer, fill, read_notebooks, solutions
from tests.conftest import ASSIGNMENT, ROOT
from tests.helpers.clean_payloads import payloads

HALF = ("mlp", "train", "predict")
PROBE = """
import json, os, socket
try:
    import autograder
except ImportError:
    autograder = None
def opens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False
print("FOUND", json.dumps(dict(
    variables=[name for name in os.environ if "HUB" in name or "TOKEN" in name or "NTK_EXCHANGE" in name],
    paths=[path for path in {paths} if os.path.exists(path)],
    ports=[port for port in {ports} if opens(port)],
    autograder=autograder is not None,
)))
"""
SHOW = "from IPython.display import publish_display_data\npublish_display_data({!r})"


def right_answers() -> dict[str, str]:
    """{exercise: the master's own answer}, free texts included."""
    return solutions(read_notebooks(ROOT / "source" / ASSIGNMENT))


def half_answers() -> dict[str, str]:
    """Half of notebook 1, with the kernel of the source document."""
    right = right_answers()
    return {exercise: right[exercise] for exercise in HALF} | {
        "ntk_kernel": answer("ntk_kernel", "wrong-document-parenthesis")
    }


def cells_of(notebook: NotebookNode) -> dict[str, int]:
    """{grade_id: index}"""
    ids = {
        i: cell.metadata.get("nbgrader", {}).get("grade_id")
        for i, cell in enumerate(notebook.cells)
    }
    return {id: index for index, id in ids.items() if id}


def hostile(released: dict[str, NotebookNode]) -> dict[str, NotebookNode]:
    """Notebooks that try to run script in the instructor's browser: in Markdown, and in what their
    cells show."""
    active = payloads()
    texts = [p.cell["source"] for p in active if p.cell["cell_type"] == "markdown"]
    shown = [dict(o["data"]) for p in active for o in p.cell.get("outputs", []) if "data" in o]
    first, *others = fill(released, {"discussion": "\n\n".join(texts)}).items()
    name, notebook = first
    notebook.cells[4:4] = [
        new_code_cell(SHOW.format(data)) for data in shown if all(map(is_text, data.values()))
    ]
    notebook.cells[4:4] = [new_markdown_cell(text) for text in texts]
    return {name: notebook, **dict(others)}


def is_text(value) -> bool:
    return isinstance(value, str)


def write_into(folder: Path, notebooks: dict[str, NotebookNode]) -> None:
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")


def hostile_code(paths: list[Path], ports: list[int]) -> str:
    """A cell that looks for what it must not find, and prints what it found as JSON after the word
    FOUND."""
    return PROBE.format(paths=[str(path) for path in paths], ports=ports)
