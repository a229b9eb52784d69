"""The notebooks of all assignments as people meet them: stored outputs that hold, figures with
words, boxes that tell the truth."""

from __future__ import annotations

import ast
import itertools
import re
import shutil
import statistics
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.authoring import masters
from tests.conftest import ASSIGNMENT, ROOT
from tests.conftest import FIRST as FIRST_NAME
from tests.conftest import SECOND as SECOND_NAME

SOURCE, RELEASE = ROOT / "source", ROOT / "release"
# found, not listed: a notebook that nobody thought of is looked at, too
NAMES = [
    f"{folder.name}/{text.stem}"
    for folder in sorted(SOURCE.glob("[!.]*/"))
    if folder.is_dir()
    for text in masters.texts(folder)
]
ASSIGNMENTS = sorted({name.split("/")[0] for name in NAMES})
FIRST, SECOND = f"{ASSIGNMENT}/{FIRST_NAME}", f"{ASSIGNMENT}/{SECOND_NAME}"
MOVES = "rich-training/1-when-the-kernel-moves"
SIGNATURES = {
    "mlp": "class MLPshallow(nn.Module); __init__(self, hidden_dim=10); forward(self, x)",
    "train": "train(net, trainloader, N_passes=1, lr=0.01)",
    "predict": "predict(net, images)",
    "ntk_kernel": "ntk_kernel(x, xprime)",
    "gen_bound": "gen_bound(H, y)",
    "gradient_descent": "gradient_descent(X, Y, w0, eta, T)",
    "lazy_directions": "lazy_directions(X, ws)",
    "minimum_norm": "minimum_norm(X, Y, w0)",
    "empirical_ntk": "empirical_ntk(net, x, xprime)",
    "predicted_loss": "predicted_loss(K, y, lr, T)",
    "scaled": "class Scaled(nn.Module); __init__(self, net, alpha); forward(self, x); "
    "parameters(self, recurse=True)",
    "alignment": "alignment(K, y)",
}
BOX = re.compile(
    r"\*\*Exercise \d+ · .+\*\* &nbsp; (★+☆*) &nbsp; (\d+) minutes &nbsp; (\d+) points"
)
# names that a cell without a function has to define
DEFINED = {"interpolate": ("lazy_net", "lazy_losses"), "rich_net": ("rich_net", "rich_lr")}
# The fewest figures of each notebook.
FIGURES = {FIRST: 16 + 9, SECOND: 6 + 9, MOVES: 8 + 5}  # those of a slider count each
# What the source document, or the second lab's plan, prints or draws, and the cell that does so
# here, with words of its stored output.
COVERED = {
    FIRST: {
        "data-sizes": "Number of training points : 200",
        "data-picture": "[Figure: 32 grey images",
        "data-labels": "Dress    Trouser  Dress",
        "run-document-steps": "Batch size : 32\nNumber of gradient steps 1400",
        "loss-curve": "[Figure: Training loss",
        "train-accuracy": "Accuracy of the network on the 200 train images",
        "eight-images": "[Figure: 8 grey images",
        "eight-labels": "GrndTruth",
        "test-accuracy": "Accuracy of the network on the 2000 test images",
        "ntk-fit": "(200, 784)",
        "gram-eigenvalues": "Smallest eigenvalue : 14.7",
        "ntk-train-accuracy": "Accuracy of NTK on the 200 train images: 100.0 %",
        "ntk-test-accuracy": "Accuracy of NTK on the 2000 test images: 97.0 %",
        "compare": "Both methods agree on",
        "rates-slide": "[Figure: Learning rate 0.001, 200 modes",
        "bound-table": "1900",
        "bound-figure": "[Figure: The bound against n",
        "invertible": "[Figure: 30 × 30 inputs of dimension 100: the matrix as an image, and its "
        "sorted eigenvalues",
        "invertible-numbers": "n = 30, d = 100",
    },
    SECOND: {
        "spectrum": "Rank of X                          : 100",
        "spectrum-matrices": "[Figure: X X^T",
        "spectrum-figure": "[Figure: Sorted eigenvalues",
        "descent": "Relative distance at the end",
        "descent-figure": "[Figure: The loss falls",
        "lazy-figure": "[Figure: On the left every coordinate moves",
        "plane-slide": "[Figure: From the start (0, 0) gradient descent moves by",
    },
    MOVES: {
        "three-figure": "[Figure: Three matrices",
        "known": "True",
        "lazy-run": "[Figure: Training loss of a lazy network",
        "lazy-numbers": "measured   predicted",
        "kernel-accuracy": "Test accuracy, kernel at the start: 0.6",
        "rich-accuracy": "Test accuracy, rich network       : 0.99",
        "five-figure": "[Figure: Training loss for five values of alpha",
        "against-alpha-figure": "[Figure: Against alpha",
        "turn-slide": "[Figure: Alpha 20: outputs",
        "units": "[Figure: Weights of the hidden units",
        "gram": "[Figure: Gram matrices ordered by label",
        "moved-regression": "the moved kernel: 1.000",
        "sizes-figure": "[Figure: Test accuracy against the number of training points",
        "stability-run": "[Figure: Left: the lazy run",
        "clothes-dial": "alignment before → after",
    },
}


def read(folder, name):
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def text_of(cell):
    """What a cell's stored outputs show to a reader of plain text."""
    shown = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(shown)


def nbval(*paths):
    """Run nbval over notebooks. Returns its exit code and its report."""
    sanitize = ROOT / "tests" / "nbval.cfg"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-sanitize-with",
        sanitize,
        "-q",
        "-rf",
    ]
    command += ["-p", "no:cacheprovider", "--rootdir", paths[0].parent, *paths]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=paths[0].parent, check=False)
    return ran.returncode, ran.stdout


def test_every_notebook_is_looked_at_here():
    assert {FIRST, SECOND, MOVES} <= set(NAMES)
    assert set(FIGURES) == set(COVERED) == set(NAMES), "say what the new notebook shows"
    assert sorted(f"{p.parent.name}/{p.stem}" for p in RELEASE.rglob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_stored_outputs_are_what_the_cells_print(assignment):
    names = [name for name in NAMES if name.startswith(f"{assignment}/")]
    code, report = nbval(*(SOURCE / f"{name}.ipynb" for name in names))
    assert code == 0, report[-3000:]
    cells = [c for name in names for c in read(SOURCE, name).cells if c.cell_type == "code"]
    assert int(re.search(r"(\d+) passed", report)[1]) == len(cells) > 40


def test_a_changed_number_in_a_stored_output_is_noticed(tmp_path):
    notebook = read(SOURCE, SECOND)
    (at,) = (number for number, c in enumerate(notebook.cells) if c.id == "spectrum")
    cell = notebook.cells[at]
    del notebook.cells[at + 1 :]  # what takes longest
    assert cell.outputs[0].text.count("16.6") == 1
    cell.outputs[0].text = cell.outputs[0].text.replace("16.6", "16.7")
    nbformat.write(notebook, tmp_path / "changed.ipynb")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)  # which names the checks
    code, report = nbval(tmp_path / "changed.ipynb")
    assert code == 1 and re.search(r"\b1 failed", report), report[-3000:]
    at = [c.id for c in notebook.cells if c.cell_type == "code"].index("spectrum")
    assert re.search(rf"^FAILED .*::Cell {at}\b", report, re.MULTILINE), report[-3000:]


@pytest.mark.parametrize("name", NAMES)
def test_an_ignored_output_says_why(name):
    ignored = [
        c for c in read(SOURCE, name).cells if "nbval-ignore-output" in c.metadata.get("tags", [])
    ]
    assert bool(ignored) == (name == FIRST)  # the others are deterministic
    for cell in ignored:
        (reason,) = (
            line for line in cell.source.splitlines() if line.startswith("#") and "nbval" in line
        )
        chaotic, bar = "haotic" in reason, "progress bar" in reason
        assert chaotic != bar, f"{cell.id}: {reason}"
        assert chaotic or not cell.outputs, f"{cell.id} hides more than a progress bar"
    for cell in read(SOURCE, name).cells:
        assert "NBVAL" not in cell.source and "raises-exception" not in cell.metadata.get(
            "tags", []
        ), cell.id


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_regenerating_the_masters_changes_no_source_id_or_metadata(assignment, tmp_path):
    names = [name.split("/")[1] for name in NAMES if name.startswith(f"{assignment}/")]

    def skeleton(folder):
        return [
            (c.cell_type, c.id, c.source, c.metadata)
            for name in names
            for c in read(folder, name).cells
        ]

    folder = shutil.copytree(SOURCE / assignment, tmp_path / assignment)
    assert masters.sync(folder) == []
    for name in names:
        (folder / f"{name}.ipynb").unlink()
    assert masters.sync(folder) == names
    assert skeleton(folder) == skeleton(SOURCE / assignment)
    text = folder / f"{names[-1]}.md"
    text.write_text(text.read_text().replace("## Notation", "## Letters"))
    masters.sync(folder)
    assert skeleton(folder) != skeleton(SOURCE / assignment)


@pytest.mark.parametrize("name", NAMES)
def test_stored_notebooks_are_small(name):
    limit = 1_500_000 if name == FIRST else 1_000_000
    assert (SOURCE / f"{name}.ipynb").stat().st_size < limit


@pytest.mark.parametrize("name", [FIRST, MOVES])
def test_cells_are_read_at_a_glance(name):
    lines = [len(c.source.splitlines()) for c in read(SOURCE, name).cells if c.cell_type == "code"]
    assert statistics.median(lines) <= 3 and max(lines) <= 25


@pytest.mark.parametrize("name", NAMES)
def test_the_release_runs_up_to_the_first_exercise(name, tmp_path):
    notebook = read(RELEASE, name)
    first = next(
        i for i, c in enumerate(notebook.cells) if c.metadata.get("nbgrader", {}).get("solution")
    )
    notebook.cells = notebook.cells[:first]
    NotebookClient(notebook, timeout=100, resources={"metadata": {"path": tmp_path}}).execute()
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(ran) >= 2 and all(cell.execution_count for cell in ran)
    if name != MOVES:  # there the first figure is drawn by the first answer
        assert len(ran) >= 5 and any("[Figure" in text_of(cell) for cell in ran)
    assert not [
        o for c in ran for o in c.outputs if o.output_type == "error" or o.get("name") == "stderr"
    ]


@pytest.mark.parametrize(("name", "figures"), FIGURES.items())
def test_every_figure_has_a_text_for_those_who_cannot_see_it(name, figures):
    outputs = [o for c in read(SOURCE, name).cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if any(kind.startswith("image/") for kind in o.get("data", {}))]
    images = [
        x
        for o in outputs
        for x in re.findall(r"<img[^>]*>", o.get("data", {}).get("text/html", ""))
    ]
    texts = [re.search(r'alt="([^"]*)"', image) for image in images]
    assert len(images) >= figures and all(text and len(text[1]) > 25 for text in texts)


def signature(source):
    """The names of a stub and their arguments, after a look at its docstrings."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            found.append(
                f"class {node.name}({', '.join(ast.unparse(base) for base in node.bases)})"
            )
        elif isinstance(node, ast.FunctionDef):
            found.append(f"{node.name}({ast.unparse(node.args)})")
        else:
            continue
        if node.name != "__init__":
            assert len(ast.get_docstring(node) or "") > 30, f"{node.name} has no docstring"
    return "; ".join(found)


def test_stubs_have_the_signature_and_a_docstring():
    stubs = {
        c.id: c.source
        for name in NAMES
        for c in read(RELEASE, name).cells
        if c.cell_type == "code" and c.metadata.nbgrader.solution
    }
    assert {id: signature(stub) for id, stub in stubs.items() if id not in DEFINED} == SIGNATURES
    for exercise, words in DEFINED.items():
        assert all(word in stubs[exercise] for word in words), stubs[exercise]
    assert all("YOUR CODE HERE" in stub for stub in stubs.values())


@pytest.mark.parametrize("name", NAMES)
def test_boxes_name_stars_minutes_and_the_points_that_the_cells_carry(name):
    cells = read(RELEASE, name).cells
    meta = {c.id: c.metadata.get("nbgrader", {}) for c in cells}
    exercises = [c.id for c in cells if meta[c.id].get("solution")]
    boxes = {}
    for cell, answer in itertools.pairwise(cells):
        for match in BOX.finditer(cell.source):
            at = cells.index(answer)
            boxes[next(c.id for c in cells[at:] if meta[c.id].get("solution"))] = match.groups()
    assert list(boxes) == exercises
    for exercise, (stars, minutes, points) in boxes.items():
        graded = meta[exercise] if meta[exercise]["grade"] else meta[f"test_{exercise}"]
        assert len(stars) == 3 and 1 <= int(minutes) <= 60, exercise
        assert int(points) == graded["points"], exercise
    total = sum(m.get("points", 0) for m in meta.values() if m.get("grade"))
    card = re.search(r"\| \*\*Points\*\* \| (\d+): (.*) \|", cells[0].source)
    assert int(card[1]) == total == sum(int(x) for x in re.findall(r"\((\d+)\)", card[2]))


def test_students_never_read_of_the_grader():
    files = [
        p
        for folder in (ROOT / "release", ROOT / "ntk_helpers")
        for p in folder.rglob("*")
        if p.is_file()
    ]
    files = [p for p in files if "__pycache__" not in p.parts]
    assert len(files) > 20
    assert [p.name for p in files if b"autograder" in p.read_bytes().lower()] == []
    assert b"autograder" in (SOURCE / f"{FIRST}.ipynb").read_bytes()  # the word would be found


@pytest.mark.parametrize(
    "line",
    [
        "sqrt(1 - u**2)",  # ntk_kernel
        "(c1 + c2) / 2",  # predict
        ".backward()",  # train
        "torch.linalg.solve",  # gen_bound
        "xavier_normal_(",  # mlp
        "(ws[-1] - ws[0]) @",  # lazy_directions
        "(ws - ws[0]) @",
        "X.T @ w0",  # minimum_norm
        "np.linalg.solve",
        ".requires_grad]",  # empirical_ntk
        "torch.cat([gradient",
        "torch.linalg.eigh(",  # predicted_loss
        "2 * steps",
        "self.alpha",  # scaled
        "y @ K @ y",  # alignment
        "Scaled(net, 0.05)",  # rich_net
    ],
)
def test_no_locked_cell_spells_out_an_answer(line):
    squeezed = line.replace(" ", "")
    for name in NAMES:
        for cell in read(RELEASE, name).cells:
            assert squeezed not in cell.source.replace(" ", ""), f"{name}, cell {cell.id}"


@pytest.mark.parametrize("name", NAMES)
def test_all_that_the_source_document_shows_is_shown(name):
    shown = {c.id: text_of(c) for c in read(SOURCE, name).cells if c.cell_type == "code"}
    assert {id for id in COVERED[name] if COVERED[name][id] not in shown.get(id, "")} == set()
