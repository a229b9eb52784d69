"""`nbgrader validate`, the button that students press: it fails where a checkpoint fails, and only
there."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from demo.submissions import answer, fill
from ntk_helpers.packages import missing
from tests.conftest import PLAIN, SECOND, plain

SAID = (
    "[ValidateApp | WARNING] No nbgrader_config.py",
    "[ValidateApp | INFO] Validating",
    "[IPKernelApp] WARNING",
)


# All cells have run, the kernel is told to stop, and closes a socket on which it would still say
# so: now and then ipykernel comes to it too late.
FAREWELL = re.compile(
    r"^ERROR:tornado\.general:Uncaught exception in ZMQStream callback\nTraceback .*\n(?: .*\n)*"
    r"zmq\.error\.ZMQError: Socket operation on non-socket\n",
    re.MULTILINE,
)


def quiet(err):
    """Whether standard error holds nothing but the remarks that nbgrader and ipykernel make at
    their start, and ipykernel at its end."""
    return all(line.startswith(SAID) for line in FAREWELL.sub("", err).splitlines())


def released_plain(notebook):
    """Without figures, as if it had been released so: else nbgrader warns of changed cells."""
    notebook = plain(notebook)
    for cell in notebook.cells:
        if cell.id in PLAIN:
            cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return notebook


@pytest.fixture
def validate(released, solved, tmp_path):
    """Validate notebook 2 of a student who answers `answers`; figures: with those that it draws.
    Returns (standard output, standard error)."""

    def run(figures=False, **answers):
        ids = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in released[SECOND].cells}
        chosen = {id: text for id, text in solved.items() if id in ids} | answers
        notebook = fill({SECOND: released[SECOND]}, chosen)[SECOND]
        nbformat.write(notebook if figures else released_plain(notebook), tmp_path / "mine.ipynb")
        program = "from nbgrader.apps import ValidateApp; ValidateApp.launch_instance()"
        command = [sys.executable, "-W", "ignore", "-c", program, "mine.ipynb"]
        ran = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        return ran.stdout, ran.stderr

    return run


def test_what_counts_as_quiet():
    late = (
        "ERROR:tornado.general:Uncaught exception in ZMQStream callback\n"
        'Traceback (most recent call last):\n  File "a.py", line 1, in send\n    f()\n'
        "zmq.error.ZMQError: {}\n"
    )
    said = SAID[1] + " mine.ipynb\n"
    assert quiet(said + late.format("Socket operation on non-socket") + said)
    assert not quiet(said + late.format("Address already in use"))
    assert not quiet(said + "ERROR:tornado.general:Uncaught exception in ZMQStream callback\n")


def test_right_answers_pass(validate):
    out, err = validate(figures=True)
    assert out.startswith("Success!") and "failed" not in out.lower(), out
    assert quiet(err), err


@pytest.mark.parametrize(
    ("exercise", "text", "words"),
    [
        ("gradient_descent", answer("gradient_descent", "wrong-ascent"), "Not yet."),
        ("minimum_norm", "def minimum_norm(X, Y, w0):\n    return w0", "Not yet."),
    ],
)
def test_a_failing_checkpoint_is_named_with_its_message(validate, exercise, text, words):
    out, err = validate(**{exercise: text})
    assert "VALIDATION FAILED ON 1 CELL" in out and "Success" not in out, out
    assert f'checkpoint("{exercise}"' in out and words in out and "Traceback" not in out, out
    for other in {"gradient_descent", "lazy_directions", "minimum_norm"} - {exercise}:
        assert f'checkpoint("{other}"' not in out, out
    assert quiet(err), err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# not begun", "`gradient_descent` is not defined yet: finish the answer that defines it"),
        ("import seaborn\n" + answer("gradient_descent", "right-reference"), missing("seaborn")),
        ("import mine\n" + answer("gradient_descent", "right-reference"), missing("mine")),
    ],
)
def test_what_is_not_there_is_said_in_words(validate, tmp_path, text, words):
    """A name that nobody defined, a package that marking has not, a file of the student's own that
    is there today; the other checkpoints go on."""
    (tmp_path / "mine.py").write_text("")
    out, err = validate(gradient_descent=text)
    assert "VALIDATION FAILED ON 1 CELL" in out and "Traceback" not in out, out
    assert words in " ".join(out.split()) and "..." not in out, out
    for other in ("lazy_directions", "minimum_norm"):
        assert f'checkpoint("{other}"' not in out, out
    assert quiet(err), err
