"""The masters: text → notebook, outputs kept, edits noticed, structure checked; on small ones made
here."""

from __future__ import annotations

import json

import nbformat
import pytest

from autograder.authoring import masters
from autograder.authoring.execute import MasterError

HEADER = """\
---
jupytext:
  formats: md:myst,ipynb
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
HIDDEN = '### BEGIN HIDDEN TESTS\nfrom autograder import check\n\ncheck("{}")\n### END HIDDEN TESTS'
POINTS = {"double": 2, "essay": 1}


def code(source, grade_id=None, *, tags=(), **flags):
    lines = []
    if grade_id:
        meta = {
            "grade": False,
            "locked": True,
            "schema_version": 3,
            "solution": False,
            "task": False,
        } | flags
        lines = ["nbgrader: " + json.dumps(meta | {"grade_id": grade_id})]
    lines += [f"tags: {json.dumps(list(tags))}"] if tags else []
    head = "---\n" + "\n".join(lines) + "\n---\n" if lines else ""
    return f"\n```{{code-cell}} ipython3\n{head}{source}\n```\n"


def markdown(source, grade_id, **flags):
    meta = {
        "grade": False,
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    } | flags
    return f"\n+++ {json.dumps({'nbgrader': meta | {'grade_id': grade_id}})}\n\n{source}\n"


def solution(source=None):
    source = (
        source or "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    )
    return code(source, "double", solution=True, locked=False)


def checkpoint(points=0):
    return code("assert double(1) == 2", "checkpoint_double", grade=True, points=points)


def graded_cell(points=2, source=None):
    source = source or "# Looked at here: numbers.\n" + HIDDEN.format("double")
    return code(source, "test_double", grade=True, points=points)


def essay(points=1, scheme="### BEGIN MARK SCHEME\nOne point for a reason.\n### END MARK SCHEME"):
    question = markdown(f"Why?\n\n{scheme}", "essay-question")
    return question + markdown(
        "Because.", "essay", grade=True, solution=True, locked=False, points=points
    )


GOOD = [markdown("# A lab", "header"), code("import math", "imports", tags=["setup"])]
GOOD += [solution(), checkpoint(), graded_cell(), essay()]


@pytest.fixture
def folder(tmp_path):
    def write(*cells, name="lab"):
        (tmp_path / f"{name}.md").write_text(HEADER + "".join(cells), encoding="utf-8")
        return tmp_path

    return write


def notebook(folder, name="lab"):
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def change(folder, old, new, name="lab.md"):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


class TestSync:
    def test_makes_the_notebook_once(self, folder):
        here = folder(*GOOD)
        assert masters.is_current(here) == ["lab"]
        assert masters.sync(here) == ["lab"]
        assert masters.is_current(here) == [] and masters.sync(here) == []
        nbformat.validate(notebook(here))

    def test_ids_are_grade_ids_or_hashes(self, folder):
        here = folder(*GOOD, code("1 + 1"), code("1 + 1"))
        masters.sync(here)
        ids = [cell.id for cell in notebook(here).cells]
        assert ids[:3] == ["header", "imports", "double"]
        assert len(ids[-2]) == 12 and ids[-1] == f"{ids[-2]}-2"

    def test_a_hash_does_not_depend_on_the_place(self, folder):
        masters.sync(folder(code("1 + 1"), name="a"))
        masters.sync(here := folder(markdown("x", "x"), code("1 + 1"), name="b"))
        assert notebook(here, "a").cells[0].id == notebook(here, "b").cells[1].id

    def test_same_text_same_bytes(self, folder, tmp_path):
        here = folder(*GOOD)
        masters.sync(here)
        first = (here / "lab.ipynb").read_bytes()
        (here / "lab.ipynb").unlink()
        masters.sync(here)
        assert (here / "lab.ipynb").read_bytes() == first

    def test_metadata(self, folder):
        masters.sync(here := folder(*GOOD))
        nb = notebook(here)
        assert (
            nb.metadata.kernelspec.name == "python3"
            and nb.metadata.jupytext.formats == "ipynb,md:myst"
        )
        assert nb.metadata.language_info == {"name": "python"}
        assert nb.cells[1].metadata.tags == ["setup"]

    def test_keeps_the_outputs_of_unchanged_cells(self, folder):
        here = folder(code("1 + 1", "one"), code("2 + 2", "two"))
        masters.sync(here)
        masters.run(here / "lab.ipynb")
        change(here, "2 + 2", "2 + 3")
        assert masters.sync(here) == ["lab"]
        one, two = notebook(here).cells
        assert one.outputs[0].data["text/plain"] == "2" and one.execution_count == 1
        assert two.outputs == [] and two.execution_count is None

    def test_an_edit_in_the_notebook_is_not_lost(self, folder):
        masters.sync(here := folder(*GOOD))
        change(here, "import math", "import cmath", "lab.ipynb")
        assert masters.is_current(here) == ["lab"]
        with pytest.raises(MasterError, match="--prefer"):
            masters.sync(here)
        masters.sync(here, prefer="text")
        assert notebook(here).cells[1].source == "import math"

    def test_the_notebook_can_win(self, folder):
        masters.sync(here := folder(*GOOD))
        change(here, "import math", "import cmath", "lab.ipynb")
        masters.sync(here, prefer="notebook")
        assert "import cmath" in (here / "lab.md").read_text()
        assert masters.is_current(here) == [] and masters.check_structure(here, POINTS) == []
        assert notebook(here).cells[1].source == "import cmath"

    def test_both_edited(self, folder):
        masters.sync(here := folder(*GOOD))
        change(here, "import math", "import cmath", "lab.ipynb")
        change(here, "# A lab", "# The lab")
        with pytest.raises(MasterError, match="edited"):
            masters.sync(here)

    def test_the_same_edit_on_both_sides_is_no_conflict(self, folder):
        masters.sync(here := folder(*GOOD))
        change(here, "import math", "import cmath", "lab.ipynb")
        change(here, "import math", "import cmath")
        assert masters.sync(here) == ["lab"]

    def test_an_edited_output_is_no_edit(self, folder):
        masters.sync(here := folder(code("1 + 1", "one")))
        masters.run(here / "lab.ipynb")
        change(here, '"2"', '"3"', "lab.ipynb")
        assert masters.sync(here) == []

    def test_errors(self, folder, tmp_path):
        with pytest.raises(MasterError, match="no masters"):
            masters.sync(tmp_path)
        (tmp_path / "README.md").write_text("# Only a readme")
        with pytest.raises(MasterError, match="no masters"):
            masters.sync(tmp_path)
        here = folder(*GOOD)
        with pytest.raises(MasterError, match="prefer"):
            masters.sync(here, prefer="both")
        (here / "lab.ipynb").write_text("{")
        with pytest.raises(MasterError, match="cannot be read"):
            masters.sync(here)

    def test_a_notebook_without_a_text_is_not_current(self, folder):
        masters.sync(here := folder(*GOOD))
        (here / "stray.ipynb").write_bytes((here / "lab.ipynb").read_bytes())
        assert masters.is_current(here) == ["stray"]


@pytest.mark.slow
class TestRun:
    def run(self, here):
        masters.sync(here)
        masters.run(here / "lab.ipynb")
        return notebook(here).cells

    def test_stores_outputs_without_timings(self, folder):
        here = folder(
            code("import os; print(os.environ['OMP_NUM_THREADS'])"), code("print(1)\nprint(2)")
        )
        one, two = self.run(here)
        assert one.outputs[0].text == "1\n" and two.outputs[0].text == "1\n2\n"
        assert "execution" not in one.metadata
        assert masters.is_current(here) == []

    def test_runs_in_its_folder(self, folder):
        here = folder(code("import os; os.path.basename(os.getcwd())"))
        assert self.run(here)[0].outputs[0].data["text/plain"] == repr(here.name)

    def test_twice_the_same_bytes(self, folder):
        here = folder(code("print(1)"), code("2"))
        self.run(here)
        first = (here / "lab.ipynb").read_bytes()
        self.run(here)
        assert (here / "lab.ipynb").read_bytes() == first

    def test_an_error_names_the_cell_in_one_line(self, folder):
        here = folder(code("x = 1", "fine"), code("x / 0", "broken"), code("x", "later"))
        masters.sync(here)
        before = (here / "lab.ipynb").read_bytes()
        with pytest.raises(MasterError) as caught:
            masters.run(here / "lab.ipynb")
        assert str(caught.value) == "lab.ipynb, cell broken: ZeroDivisionError: division by zero"
        assert (here / "lab.ipynb").read_bytes() == before

    def test_a_cell_that_takes_too_long(self, folder):
        here = folder(code("import time; time.sleep(30)", "slow"))
        masters.sync(here)
        with pytest.raises(MasterError, match="cell slow: longer than 1 seconds"):
            masters.run(here / "lab.ipynb", timeout=1)

    def test_a_kernel_that_dies(self, folder):
        here = folder(code("import os; os._exit(1)", "deadly"))
        masters.sync(here)
        with pytest.raises(MasterError, match="deadly: the kernel died"):
            masters.run(here / "lab.ipynb")

    def test_standard_error_is_forbidden(self, folder):
        here = folder(code("import warnings; warnings.warn('old')", "noisy"))
        with pytest.raises(MasterError, match="cell noisy: only cells tagged nbval-ignore-output"):
            self.run(here)

    def test_a_tagged_cell_may_show_a_progress_bar(self, folder):
        source = "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass\nprint('done')"
        cell = self.run(folder(code(source, tags=["nbval-ignore-output"])))[0]
        assert [output.get("text") for output in cell.outputs] == ["done\n"]

    def test_the_size_is_limited(self, folder, monkeypatch):
        monkeypatch.setattr(masters, "MAX_BYTES", 2000)
        with pytest.raises(MasterError, match="the limit is"):
            self.run(folder(code("'x' * 3000")))

    def test_it_must_be_synced(self, folder):
        masters.sync(here := folder(code("1")))
        change(here, "\n1\n", "\n2\n")
        with pytest.raises(MasterError, match="sync the masters first"):
            masters.run(here / "lab.ipynb")


class TestStructure:
    def faults(self, here, points=None):
        return masters.check_structure(here, points or POINTS)

    def test_a_good_master(self, folder):
        assert self.faults(folder(*GOOD)) == []

    def test_a_test_that_stands_alone(self, folder):
        source = "# Looked at here: accuracy.\n" + HIDDEN.format("test_accuracy")
        extra = code(source, "test_accuracy", grade=True, points=3)
        assert self.faults(folder(*GOOD, extra), POINTS | {"test_accuracy": 3}) == []

    @pytest.mark.parametrize(
        ("cells", "fault"),
        [
            ([solution(), graded_cell()], "no checkpoint_double after"),
            ([solution(), checkpoint()], "no test_double after"),
            ([checkpoint(), solution(), graded_cell()], "no checkpoint_double after"),
            ([solution(), graded_cell(), checkpoint()], "must stand before"),
            ([solution(), checkpoint(1), graded_cell()], "a checkpoint has 0 points"),
            ([solution(), checkpoint(), graded_cell(3)], "is worth 2"),
            ([solution(), checkpoint(), graded_cell(), graded_cell()], "used 2 times"),
            (
                [solution("def double(x):\n    return 2 * x"), checkpoint(), graded_cell()],
                "### BEGIN SOLUTION",
            ),
            ([solution("### BEGIN SOLUTION\nx"), checkpoint(), graded_cell()], "do not pair"),
            (
                [solution("\n".join(["### BEGIN SOLUTION", *["x"] * 30, "### END SOLUTION"]))],
                "32 lines of code",
            ),
            ([code("<<<<<<< mine\n1\n=======\n2\n>>>>>>> yours")], "merge conflict"),
            ([markdown("<<<<<<< mine\n1\n=======\n2\n>>>>>>> yours", "text")], "merge conflict"),
            ([essay(5)], "it is worth 1"),
            ([essay(scheme="")], "no mark scheme"),
            ([markdown("x", "x", solution=True)], "must be locked, or a solution"),
            ([markdown("x", "x", schema_version=2)], "schema_version"),
            ([markdown("x", "x", cell_type="code")], "it is a markdown cell"),
            ([markdown("x", "x"), markdown("y", "x")], "used 2 times"),
            (
                [code("1", "other", grade=True, points=1)],
                "test_<exercise> or checkpoint_<exercise>",
            ),
            ([], "essay is in no notebook"),
        ],
    )
    def test_faults(self, folder, cells, fault):
        assert any(fault in found for found in self.faults(folder(code("0"), *cells)))

    @pytest.mark.parametrize(
        "source",
        [
            HIDDEN.format("double"),
            "# Two\nassert double(1) == 2\n" + HIDDEN.format("double"),
            "# Two\n" + HIDDEN.format("treble"),
            "# Two\n" + HIDDEN.format("double") + "\nassert True",
            "# Two\n" + HIDDEN.format("double").replace("check(", "1 + check("),
            "# Two\nfrom autograder import check\ncheck('double')",
        ],
    )
    def test_what_a_test_cell_holds(self, folder, source):
        good = folder(solution(), checkpoint(), graded_cell(), essay())
        assert self.faults(good) == []
        bad = folder(solution(), checkpoint(), graded_cell(source=source), essay())
        assert [f for f in self.faults(bad) if "test_double" in f]

    def test_one_exercise_in_two_notebooks(self, folder):
        folder(*GOOD, name="a")
        assert any(
            "double is used 2 times" in fault for fault in self.faults(folder(*GOOD, name="b"))
        )
