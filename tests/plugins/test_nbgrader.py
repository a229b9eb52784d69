"""nbgrader's own pipeline, with this project's places plugged in: real autograde, gradebook and
feedback."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.authoring.generate import generate
from autograder.course import Course
from tests.conftest import ASSIGNMENT, FIRST, SECOND, WITHOUT_BWRAP, make_course, plain

AUTOMATIC = ("gradient_descent", "lazy_directions", "minimum_norm")


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """A course whose assignment is notebook 2 alone, so that marking takes seconds; nothing draws
    its figures anew."""
    root = make_course(
        tmp_path_factory.mktemp("light"),
        "c.Marking.cell_seconds = 8\nc.Marking.probe_seconds = 8\n",
    )
    for path in (root / "source" / ASSIGNMENT).glob(f"{FIRST}.*"):
        path.unlink()
    master = root / "source" / ASSIGNMENT / f"{SECOND}.ipynb"
    nbformat.write(plain(nbformat.read(master, as_version=4)), master)
    course = Course(root)
    generate(course, ASSIGNMENT)
    return course


@pytest.fixture(scope="module")
def submit(light):
    from demo.submissions import fill, ran, read_notebooks, solutions, write_notebooks

    release = read_notebooks(light.root / "release" / ASSIGNMENT)
    masters = read_notebooks(light.root / "source" / ASSIGNMENT)
    perfect = solutions(masters)

    def hand_in(name, answers=None, keep=None):
        folder = light.root / "submitted" / name / ASSIGNMENT
        chosen = {k: v for k, v in perfect.items() if keep is None or k in keep} | (answers or {})
        write_notebooks(ran(fill(release, chosen), masters), folder)
        return folder / f"{SECOND}.ipynb"

    return hand_in


def autograde(course, name):
    return NbGraderAPI(config=course.config).autograde(ASSIGNMENT, name)


def scores(course, name):
    with Gradebook(course.directory.db_url) as gradebook:
        submission = gradebook.find_submission_notebook(SECOND, ASSIGNMENT, name)
        return {
            g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in submission.grades
        }


def test_autograde_marks_like_score_and_shows_it(light, submit):
    path = submit(
        "both", {"lazy_directions": "def lazy_directions(X, ws):\n    return abs(ws[-1] - ws[0])"}
    )
    result = autograde(light, "both")
    assert result["success"], result
    found = scores(light, "both")
    assert {name: found[f"test_{name}"][0] for name in AUTOMATIC} == {
        "gradient_descent": 3,
        "lazy_directions": 0,
        "minimum_norm": 3,
    }
    assert found["why_lazy"][2] is True  # waits for a person
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "score",
        path,
        "--json",
        "--course",
        light.root,
    ]
    scored = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {
        e["id"]: e["points"] for n in scored["notebooks"] for e in n["exercises"] if not e["manual"]
    } == {name: found[f"test_{name}"][0] for name in AUTOMATIC}
    executed = nbformat.read(
        light.root / "autograded" / "both" / ASSIGNMENT / f"{SECOND}.ipynb", as_version=4
    )
    (test,) = [c for c in executed.cells if c.id == "test_lazy_directions"]
    assert [o.output_type for o in test.outputs] == ["display_data", "execute_result"]
    assert "<table" in test.outputs[0].data["text/html"]
    shown = [o for c in executed.cells if c.cell_type == "code" for o in c.outputs if "data" in o]
    # the figures, which nothing computes anew, and which say so
    assert sum("data:image/png;base64," in o.data.get("text/html", "") for o in shown) >= 3
    assert sum("as handed in" in o.data.get("text/html", "") for o in shown) >= 3
    assert executed.metadata.ntk.incidents == []


def test_the_command_line_of_nbgrader_marks_too(light, submit):
    submit("by-command")
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--student", "by-command"]
    ran = subprocess.run(command, cwd=light.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert all(scores(light, "by-command")[f"test_{name}"][0] == 3 for name in AUTOMATIC)


def test_feedback_shows_verdicts_and_no_hidden_test(light, submit):
    submit("reader", {"minimum_norm": "def minimum_norm(X, Y, w0):\n    raise ValueError('mine')"})
    assert autograde(light, "reader")["success"]
    assert NbGraderAPI(config=light.config).generate_feedback(ASSIGNMENT, "reader")["success"]
    page = (light.root / "feedback" / "reader" / ASSIGNMENT / f"{SECOND}.html").read_text()
    assert page.count("<caption>") >= 3  # the verdict tables
    assert page.count("<small>as handed in</small>") >= 3  # the student's own figures
    for secret in (
        "import check",
        "BEGIN HIDDEN",
        "BEGIN MARK SCHEME",
        "autograder/",
        "autograder.checks",
    ):
        assert secret not in page, secret


def test_a_stale_mark_does_not_survive_and_a_persons_mark_does(light, submit):
    submit("again")
    assert autograde(light, "again")["success"]
    with Gradebook(light.directory.db_url) as gradebook:
        grade = gradebook.find_grade("why_lazy", SECOND, ASSIGNMENT, "again")
        grade.manual_score, grade.extra_credit = 2.5, 0.5
        gradebook.find_comment("why_lazy", SECOND, ASSIGNMENT, "again").manual_comment = "well seen"
        gradebook.db.commit()
    submit("again", dict.fromkeys(AUTOMATIC, "import os\nos._exit(1)"))
    assert autograde(light, "again")["success"]
    found = scores(light, "again")
    assert [found[f"test_{name}"][0] for name in AUTOMATIC] == [0, 0, 0]
    assert found["why_lazy"][1] == 2.5
    with Gradebook(light.directory.db_url) as gradebook:
        assert gradebook.find_grade("why_lazy", SECOND, ASSIGNMENT, "again").extra_credit == 0.5
        assert (
            gradebook.find_comment("why_lazy", SECOND, ASSIGNMENT, "again").manual_comment
            == "well seen"
        )


def test_our_own_fault_is_no_zero(light, submit):
    submit("unlucky")
    assert autograde(light, "unlucky")["success"]
    command = [
        *WITHOUT_BWRAP,
        sys.executable,
        "-m",
        "nbgrader",
        "autograde",
        ASSIGNMENT,
        "--student",
        "unlucky",
        "--force",
    ]
    ran = subprocess.run(command, cwd=light.root, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "bubblewrap" in ran.stderr
    assert all(scores(light, "unlucky")[f"test_{name}"][0] is None for name in AUTOMATIC)


def test_links_and_special_files_are_not_followed(light, submit, tmp_path):
    path = submit("linker")
    secret = tmp_path / "secret.txt"
    secret.write_text("not for students")
    (path.parent / "data.txt").symlink_to(secret)
    (path.parent / "folder").symlink_to(light.root / "source")
    os.mkfifo(path.parent / "pipe")
    path.unlink()
    path.symlink_to(light.root / "source" / ASSIGNMENT / f"{SECOND}.ipynb")
    autograde(light, "linker")
    folder = light.root / "autograded" / "linker"
    texts = "".join(p.read_text() for p in folder.rglob("*") if p.is_file())
    assert "not for students" not in texts
    if (folder / ASSIGNMENT / f"{SECOND}.ipynb").exists():
        assert all(scores(light, "linker")[f"test_{name}"][0] == 0 for name in AUTOMATIC)


def test_a_deep_folder_does_not_keep_links_in(light, submit, tmp_path):
    path = submit("deep")
    outside = tmp_path / "outside.txt"
    outside.write_text("not theirs")
    (path.parent / "stolen.txt").symlink_to(outside)
    here = os.open(path.parent, os.O_RDONLY)
    for _ in range(1200):  # deeper than Python's own walks go
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    try:
        assert autograde(light, "deep")["success"]
        assert scores(light, "deep")["test_gradient_descent"][0] == 3
        copied = light.root / "autograded" / "deep" / ASSIGNMENT / "stolen.txt"
        assert copied.read_bytes() == b""
    finally:  # Python cannot remove it, pytest included
        deep = (light.root / ".ntk" / "set-aside", path.parent / "d")
        subprocess.run(["rm", "-rf", *deep], check=True)


def test_the_exporter_fails_closed_when_the_hook_did_not_run(light, submit, tmp_path, monkeypatch):
    """nbgrader only logs an exception in a hook, and then copies what links point to."""
    path = submit("closed")
    secret = tmp_path / "secret.txt"
    secret.write_text("not for students")
    (path.parent / "data.txt").symlink_to(secret)
    config = Config(copy.deepcopy(light.config))
    config.Autograde.pre_convert_hook = "tests.plugins.test_nbgrader.broken_hook"
    assert not NbGraderAPI(config=config).autograde(ASSIGNMENT, "closed")["success"]
    assert not list((light.root / "autograded" / "closed").rglob("data.txt"))


def broken_hook(**_):
    raise RuntimeError


def test_a_broken_file_does_not_stop_the_batch(light, submit):
    submit("a-broken").write_bytes(b"{ not a notebook")
    submit("b-right")
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--student", "[ab]-*"]
    ran = subprocess.run(command, cwd=light.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert all(scores(light, "a-broken")[f"test_{name}"][0] == 0 for name in AUTOMATIC)
    assert all(scores(light, "b-right")[f"test_{name}"][0] == 3 for name in AUTOMATIC)


def test_a_test_cell_without_a_number_is_refused():
    from autograder.plugins import assert_one_number

    cell = nbformat.v4.new_code_cell(
        "x", metadata={"nbgrader": {"grade_id": "t", "points": 3, "grade": True}}
    )
    for data in (None, "nan", "-1", "4", "True", "np.float64(3.0)", "inf"):
        cell.outputs = (
            [nbformat.v4.new_output("execute_result", data={"text/plain": data})] if data else []
        )
        with pytest.raises(ValueError, match="The test cell"):
            assert_one_number(cell)
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "2.5"})]
    assert_one_number(cell)


def test_marks_of_before_do_not_stand_where_finding_breaks(light, submit, monkeypatch):
    """Neither they nor nbgrader's zeros for files that it does not see may look final."""
    from autograder import plugins

    path = submit("breaks")
    assert autograde(light, "breaks")["success"]
    path.rename(path.with_name("mine.ipynb"))

    def broken(*_):
        raise MemoryError

    monkeypatch.setattr(plugins, "read_submission", broken)
    assert not autograde(light, "breaks")["success"]
    found = scores(light, "breaks")
    assert all(auto is None and waits for auto, _, waits in found.values())
    monkeypatch.undo()
    assert autograde(light, "breaks")["success"]
    assert all(scores(light, "breaks")[f"test_{name}"][0] == 3 for name in AUTOMATIC)


def test_a_link_leaves_something_that_the_next_run_sees(light, submit, tmp_path):
    """Or a submission that a person must look at would count as empty when it is marked again."""
    path = submit("linked")
    elsewhere = tmp_path / "work.ipynb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    for _ in range(2):
        assert autograde(light, "linked")["success"]
        assert all(waits for _, _, waits in scores(light, "linked").values())
    assert not path.is_symlink() and path.read_bytes() == b""
