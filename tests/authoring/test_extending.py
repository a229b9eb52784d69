"""docs/extending.md, carried out: its files written, its commands run, in its order, and the new
exercise marked; all of it by a grader in which this project's own exercises cannot be imported."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from demo.submissions import fill, read_notebooks, write_notebooks
from tests.conftest import ROOT
from tests.helpers.no_lab import run, several

PAGE = ROOT / "docs" / "extending.md"
BLOCK = re.compile(
    r'^(?P<fence>`{3,})(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)\n(?P=fence)$',
    re.M | re.S,
)
ANSWERS = Path("tests/answers/effective_dimension")
CONFIG = (ROOT / "nbgrader_config.py").read_text() + "\nc.Marking.checks = []\n"
SLOW = pytest.mark.timeout(2400)


def blocks() -> list[re.Match]:
    return list(BLOCK.finditer(PAGE.read_text()))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which the page was followed, and {command: what it printed}."""
    folder = tmp_path_factory.mktemp("extended")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    printed = {}
    for block in blocks():
        if block["file"]:
            path = folder / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a") as file:  # a file that comes twice goes on
                file.write(block["text"] + "\n")
            continue
        for line in block["text"].splitlines():
            assert line.startswith("$ ntk "), line
            ran = run(shlex.split(line[2:]), folder)
            assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
            printed[line[2:]] = ran.stdout
    return folder, printed


def submit(folder: Path, student: str, answer: str) -> Path:
    released = read_notebooks(folder / "release" / "ridge")
    source = (folder / ANSWERS / f"{answer}.py").read_text()
    target = folder / "submitted" / student / "ridge"
    write_notebooks(fill(released, {"effective_dimension": source}), target)
    return target


def scores(folder: Path, answers: dict[str, str]) -> list[tuple[float, dict[str, str]]]:
    """For each {student: answer} the points, and {lost criterion: message}, by `ntk score` called
    from elsewhere."""
    where = [submit(folder, student, answer) for student, answer in answers.items()]
    found = []
    for ran in several([f"score {path} --json --course {folder}" for path in where], Path("/")):
        assert ran.returncode == 0, ran.stderr
        [exercise] = json.loads(ran.stdout)["notebooks"][0]["exercises"]
        assert exercise["id"] == "effective_dimension"
        lost = {c["name"]: c["message"] for c in exercise["criteria"] if not c["passed"]}
        found.append((exercise["points"], lost))
    return found


def test_the_page_goes_in_the_promised_order():
    files = [block["file"] for block in blocks() if block["file"]]
    kinds = ["source", "checks", "checks", *["tests"] * (len(files) - 3)]
    assert [file.split("/")[0] for file in files] == kinds
    commands = [
        line
        for block in blocks()
        if block["kind"] == "console"
        for line in block["text"].splitlines()
    ]
    assert [c.split()[2] for c in commands] == [
        "notebooks",
        "score",
        "audit",
        "release",
        "notebooks",
    ]


@SLOW
def test_the_audit_of_the_example_accepts_and_rejects(course):
    folder, _printed = course
    ran = run(["ntk", "audit", "ridge", "--light", "--json"], folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    [exercise] = json.loads(ran.stdout)["exercises"]
    assert exercise["id"] == "effective_dimension"
    (folder / ANSWERS / "wrong-not-at-all.py").write_text(
        (folder / ANSWERS / "right-inverse.py").read_text()
    )
    try:  # an answer that is called wrong and earns everything: the audit must fail
        ran = run(["ntk", "audit", "ridge", "--light"], folder)
        assert ran.returncode == 1 and "not-at-all" in ran.stdout
    finally:
        (folder / ANSWERS / "wrong-not-at-all.py").unlink()


@SLOW
def test_right_and_wrong_answers_to_the_new_exercise_are_marked(course):
    folder, _ = course
    answers = {
        "ada": "right-eigenvalues",
        "ben": "wrong-inverts-k",
        "cem": "wrong-no-ridge",
        "dan": "hostile-always-equal",
    }
    ada, ben, cem, dan = scores(folder, answers)
    assert ada == (2, {})
    points, lost = ben
    assert points == 1.5 and list(lost) == ["singular"] and "K + rI" in lost["singular"]
    points, lost = cem
    assert points == 0 and "ridge" in lost["value"]
    assert dan[0] == 0


@SLOW
def test_workers_mark_by_the_courses_check_and_a_mended_check_marks_anew(course):
    folder, _ = course
    submit(folder, "ada", "right-eigenvalues")
    submit(folder, "ben", "wrong-inverts-k")
    only = "--student ada --student ben"
    line = f"grade ridge --workers 1 --json --course {folder} {only}"

    def grade(times: int = 1) -> list:
        found = []
        for ran in several([line] * times, Path("/")):
            assert ran.returncode == 0, ran.stderr
            told = json.loads(ran.stdout)
            points = {s: row["total"] for s, row in told["submissions"].items()}
            found.append((told["new"], points))
        return found

    assert grade(2) == [(2, {"ada": 2, "ben": 1.5}), (0, {"ada": 2, "ben": 1.5})]
    check = folder / "checks" / "effective_dimension.py"
    before = check.read_text()
    try:
        check.write_text(
            before.replace('"singular", 0.5', '"singular", 0.75').replace(
                '"value", 1,', '"value", 0.75,'
            )
        )
        assert grade() == [(2, {"ada": 2, "ben": 1.25})]
    finally:
        check.write_text(before)


@SLOW
def test_the_rest_of_the_grader_does_without_the_lab_too(course):
    folder, _ = course
    gone = run([sys.executable, "-c", "import autograder.lab"], folder)
    assert "No module named 'autograder.lab'" in gone.stderr
    submit(folder, "ben", "wrong-inverts-k")
    said = {
        "grade ridge --workers 1": "1.5",
        "grade ridge --dry-run": "would keep their marks",
        "explain ben effective_dimension": "The replay decides every criterion",
        "report ridge": "Report:",
        "export ridge": "Marks:",
    }
    *known, unknown = several([*said, "explain ben mlp"], folder)
    for ran, words in zip(known, said.values(), strict=True):
        assert ran.returncode == 0 and words in ran.stdout, ran
    assert unknown.returncode == 2 and "effective_dimension" in unknown.stderr.splitlines()[-1]


@SLOW
def test_nothing_of_the_check_is_released(course):
    folder, _ = course
    released = "".join(p.read_text() for p in (folder / "release").rglob("*") if p.is_file())
    assert "effective_dimension" in released
    for secret in ("eigvalsh", "PROBE", "BEGIN", "autograder", "linalg.solve"):
        assert secret not in released


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("check = 1 / 0", "does not run: ZeroDivisionError"),
        ("def (", "does not run: SyntaxError"),
        ("check = None", "must define check = Check('effective_dimension')"),
    ],
)
def test_a_broken_check_is_a_clear_line(tmp_path, text, words):
    master = next(block for block in blocks() if block["file"].startswith("source/"))
    missing, broken = tmp_path / "missing", tmp_path / "broken"
    for folder in (missing, broken):
        path = folder / master["file"]
        path.parent.mkdir(parents=True)
        path.write_text(master["text"] + "\n")
        (folder / "nbgrader_config.py").write_text(CONFIG)
    (broken / "checks").mkdir()
    (broken / "checks" / "effective_dimension.py").write_text(text)
    lines = [f"notebooks ridge --check --course {folder}" for folder in (missing, broken)]
    before, ran = several(lines, tmp_path)
    assert before.returncode == 1 and "checks/effective_dimension.py" in before.stderr
    assert (
        ran.returncode == 2
        and words in ran.stderr.splitlines()[-1]
        and "Traceback" not in ran.stderr
    )


def test_in_the_lab_itself_the_exercise_is_worth_what_its_check_says(tmp_path):
    """The same cells at the end of a notebook of the lab: no table has to be edited."""
    from autograder.authoring.masters import check_structure

    config = 'c = get_config()\nc.Marking.checks = ["autograder.lab"]\n'
    (tmp_path / "nbgrader_config.py").write_text(config)
    lab = tmp_path / "source" / "tp5-ntk"
    lab.mkdir(parents=True)
    for path in (ROOT / "source" / "tp5-ntk").glob("*.md"):
        (lab / path.name).write_text(path.read_text())
    files = {block["file"]: "" for block in blocks() if block["file"]}
    for block in blocks():
        if block["file"]:
            files[block["file"]] += block["text"] + "\n"
    cells = files["source/ridge/1-effective-dimension.md"].split("# Effective dimension", 1)[1]
    last = sorted(lab.glob("*.md"))[-1]
    last.write_text(last.read_text() + "\n+++\n" + cells)
    [fault] = check_structure(lab)
    assert "effective_dimension" in fault
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "effective_dimension.py").write_text(
        files["checks/effective_dimension.py"]
    )
    assert check_structure(lab) == []
    last.write_text(last.read_text().replace("points: 2,", "points: 5,"))
    [fault] = check_structure(lab)
    assert "has 5 points, and effective_dimension is worth 2" in fault
