"""The masters: each is a MyST text (`*.md`), which people edit and diff, and the notebook
(`*.ipynb`) made from it.

Tags of code cells, and what they mean here:
- `setup`: a locked cell that later cells, solutions or checks need; cheap. (The grader replays it
  after a crash.)
- `nbval-ignore-output`: nbval does not compare this cell's output. For progress bars, and for
  quantities that are chaotic by nature (a comment in the cell says so). Progress bars live in such
  cells only: what they leave behind, widget views and standard error, is dropped when the outputs
  are stored.
- Any other cell has to be silent on standard error: a warning there fails `run`.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from ..assignment.cells import set_ids
from ..checks.registry import named
from ..text import first_line
from ..whole import write_whole
from .execute import MasterError, execute
from .points import points_of
from .structure import check_notebooks

TEXT_FORMAT = "md:myst"
MAX_BYTES = 1_500_000
METADATA = {
    "jupytext": {"formats": "ipynb,md:myst"},
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

PASSING = ("execution", "trusted", "collapsed")  # written when a cell runs or is looked at


def sync(assignment_dir: Path | str, prefer: str | None = None) -> list[str]:
    """Make the notebook of every text, and return the names (stems) of the notebooks that changed.

    Outputs stay where a cell's source is unchanged. The notebook remembers the content it was made
    with, so that an edit in Jupyter is noticed: then MasterError, unless `prefer` is "text" (the
    edit is lost) or "notebook" (the text is written anew from the notebook).
    """
    if prefer not in (None, "text", "notebook"):
        raise MasterError(f"prefer must be 'text' or 'notebook', not {prefer!r}.")
    changed = []
    for text in texts(assignment_dir):
        path = text.with_suffix(".ipynb")
        old = _read(path)
        if old is not None and _edited(text, old):
            if prefer is None:
                raise MasterError(
                    f"{path.name} was edited since it was made from {text.name}: choose which of "
                    "them to keep "
                    "with --prefer notebook or --prefer text."
                )
            if prefer == "notebook":
                _write_text(text, old)
        content = render(text, old)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            changed.append(text.stem)
    return changed


def is_current(assignment_dir: Path | str) -> list[str]:
    """Return the names of the pairs whose notebook is not, byte for byte, what `sync` would
    write."""
    stale = []
    for text in texts(assignment_dir):
        path = text.with_suffix(".ipynb")
        old = _read(path)
        if old is None or path.read_text(encoding="utf-8") != render(text, old):
            stale.append(text.stem)
    known = {text.stem for text in texts(assignment_dir)}
    return stale + sorted(
        p.stem for p in Path(assignment_dir).glob("*.ipynb") if p.stem not in known
    )


def check_structure(
    assignment_dir: Path | str,
    points: Mapping[str, float] | None = None,
    packages: Iterable[str] | None = None,
) -> list[str]:
    """Return what is wrong with the masters, one sentence each; see
    `autograder.authoring.structure`.

    points: what the exercises are worth (default: what their checks say); packages: where checks
    are looked up (default: those that the course around names).
    """
    notebooks = {text.stem: _notebook(text) for text in texts(assignment_dir)}
    if points is None:
        packages = named(Path(assignment_dir)) if packages is None else packages
        points = points_of(Path(assignment_dir), notebooks, packages)
    return check_notebooks(notebooks, points)


def check(assignment_dir: Path, packages: Iterable[str] | None = None) -> list[str]:
    """What is not as it should be: pairs that are not current, and faults of structure. Nothing is
    changed."""
    name = assignment_dir.name
    stale = [
        f"{name}/{x} is not what its text says: run `make notebooks`."
        for x in is_current(assignment_dir)
    ]
    return stale + check_structure(assignment_dir, packages=packages)


def renew(
    assignment_dir: Path,
    packages: Iterable[str] | None = None,
    *,
    prefer: str | None = None,
    execute: bool = True,
) -> list[str]:
    """Sync the masters and run them; returns faults of structure, and then runs nothing."""
    sync(assignment_dir, prefer)
    faults = check_structure(assignment_dir, packages=packages)
    for path in sorted(assignment_dir.glob("*.ipynb")) if execute and not faults else ():
        print(f"Running {path.name} …", flush=True)
        run(path)
    return faults


def has_texts(assignment_dir: Path | str) -> bool:
    """Whether the masters of an assignment are made from texts."""
    return bool(_texts(assignment_dir))


def _texts(assignment_dir: Path | str) -> list[Path]:
    paths = sorted(Path(assignment_dir).glob("*.md"))
    header = r"---\s*\n(.*\n)*?jupytext:"
    return [p for p in paths if re.match(header, p.read_text(encoding="utf-8", errors="replace"))]


def texts(assignment_dir: Path | str) -> list[Path]:
    """Return the masters' texts in order: the `*.md` files that begin with a jupytext header."""
    found = _texts(assignment_dir)
    if not found:
        raise MasterError(
            f"There are no masters (MyST texts with a jupytext header) in {assignment_dir}."
        )
    return found


def render(text: Path, old: NotebookNode | None = None) -> str:
    """Return the JSON of the notebook that belongs to a text, with the outputs of `old` where they
    still hold."""
    notebook = _notebook(text)
    kept = {cell.id: cell for cell in old.cells} if old is not None else {}
    for cell in notebook.cells:
        before = kept.get(cell.id)
        if before is None or not cell.cell_type == before.cell_type == "code":
            continue
        if before.source == cell.source:
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return dumps(notebook)


def dumps(notebook: NotebookNode) -> str:
    """Return a notebook's JSON; the same notebook gives the same bytes."""
    return nbformat.writes(notebook, version=4) + "\n"


def run(notebook_path: Path | str, timeout: int = 300) -> None:
    """Execute a master in its own folder, on one thread, and store its outputs; see
    `autograder.authoring.execute`."""
    path = Path(notebook_path)
    notebook = _read(path)
    if notebook is None:
        raise MasterError(f"{path} does not exist: sync the masters first.")
    text = path.with_suffix(".md")
    if text.exists() and dumps(notebook) != render(text, notebook):
        raise MasterError(f"{path.name} is not what {text.name} says: sync the masters first.")
    metadata = copy.deepcopy(notebook.metadata)  # nbclient writes the kernel's own language_info
    execute(notebook, path, timeout)
    notebook.metadata = metadata
    content = dumps(notebook)
    if len(content.encode()) > MAX_BYTES:
        raise MasterError(
            f"{path.name} with its outputs has {len(content.encode()) / 1e6:.2f} MB, the limit is "
            f"{MAX_BYTES / 1e6} MB: fewer or smaller figures."
        )
    path.write_text(content, encoding="utf-8")


def _notebook(text: Path) -> NotebookNode:
    """Read a text as a notebook without outputs, with ids and metadata as they have to be."""
    import jupytext

    try:
        notebook = jupytext.read(text, fmt=TEXT_FORMAT)
    except Exception as error:
        raise MasterError(f"{text.name} cannot be read as MyST: {first_line(error)}") from error
    notebook = nbformat.from_dict(nbformat.reads(nbformat.writes(notebook), as_version=4))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    set_ids(notebook)
    notebook.metadata = nbformat.from_dict(METADATA | {"masters": {"made_from": _digest(notebook)}})
    return notebook


def _read(path: Path) -> NotebookNode | None:
    if not path.exists():
        return None
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise MasterError(f"{path.name} cannot be read: {first_line(error)}") from error


def _digest(notebook: NotebookNode) -> str:
    """Return a hash of what people edit: each cell's type, source and metadata."""
    cells = [(c.cell_type, c.source, _flat(c.metadata)) for c in notebook.cells]
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:16]


def _flat(metadata: Mapping[str, Any]) -> str:
    def flat(value: Any) -> Any:
        return sorted((k, flat(v)) for k, v in value.items()) if isinstance(value, dict) else value

    return repr([(k, flat(v)) for k, v in sorted(metadata.items()) if k not in PASSING])


def _edited(text: Path, old: NotebookNode) -> bool:
    """Whether a notebook holds something that neither its text nor the text it was made from
    does."""
    mine = _digest(old)
    return mine not in (old.metadata.get("masters", {}).get("made_from"), _digest(_notebook(text)))


def _write_text(text: Path, notebook: NotebookNode) -> None:
    import jupytext

    notebook = nbformat.from_dict(nbformat.reads(nbformat.writes(notebook), as_version=4))
    notebook.metadata = nbformat.from_dict({k: METADATA[k] for k in ("jupytext", "kernelspec")})
    for cell in notebook.cells:
        for key in PASSING:
            cell.metadata.pop(key, None)
    write_whole(text, jupytext.writes(notebook, fmt=TEXT_FORMAT))
