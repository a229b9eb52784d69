"""The audit itself: its light form over the course's own tests, planted faults, its batteries, its
books."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from autograder.audit import page
from autograder.audit.answers import (
    Answer,
    AuditError,
    master_answers,
    read_answers,
    read_explained,
)
from autograder.audit.battery import disagreement
from autograder.audit.child import with_other_seeds
from autograder.audit.figure import draw
from autograder.audit.hostile import Where, mark_sandboxed
from autograder.audit.outcome import Audit, Exercise, Judged, Marked
from autograder.audit.run import explain
from autograder.checks.base import Check
from autograder.checks.measures import Panel
from autograder.course import Course
from autograder.door.student import InProcessStudent
from autograder.lab.rich_net import task
from tests.conftest import ROOT
from tests.helpers.answers import ANSWERS, answers, audited, forked, load
from tests.helpers.lab import CHECKS, EXERCISES, max_points, terms

BY_ROUNDING = "| The singular p x p system, solved as it is. |"
TRAINED = tuple(e for e in EXERCISES if CHECKS.load(e).trains)
NTK = ("-m", "autograder.cli")
# Beside other tests one core is enough: all have the same work to do.
ONE_CORE = ("--workers", "1") if "PYTEST_XDIST_WORKER" in os.environ else ()


def ntk_audit(*arguments: str, program: tuple[str, ...] = NTK) -> subprocess.CompletedProcess:
    environment = {k: v for k, v in os.environ.items() if not k.endswith("NUM_THREADS")}
    return subprocess.run(
        [sys.executable, *program, "audit", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1700,
        env=environment,
        check=False,
    )


@pytest.mark.timeout(1800)
def test_the_light_audit_of_this_course(tmp_path):
    """Its verdicts on the answers are kept for those who ask for them again."""
    to = str(tmp_path / "mistakes.md")
    done = ntk_audit("--light", "--json", "--mistakes", to, *ONE_CORE, program=keeping())
    found = json.loads(done.stdout)
    assert found["faults"] == [] and found["ok"] and done.returncode == 0
    assert [e["id"] for e in found["exercises"]] == [e for e in found_order() if e in EXERCISES]
    assert "mutants" in done.stderr and "repetitions" in done.stderr
    for e in found["exercises"]:
        assert {a["name"] for a in e["right"]} == {n for _, n in answers("right", e["id"])} | {
            "master"
        }
        assert {a["name"] for a in e["wrong"]} == {n for _, n in answers("wrong", e["id"])}
        assert {a["name"] for a in e["hostile"]} == {n for _, n in answers("hostile", e["id"])}
        assert all(a["lost"] for a in e["wrong"])
        if e["id"] in TRAINED:
            assert e["mutants"]["tried"] == 0 and e["notes"]
            continue
        assert e["mutants"]["made"] > 100 and e["mutants"]["killed"] >= 6
        assert e["mutants"]["equivalent_but_rejected"] == []
        assert e["chance"]["trials"] >= 12
    assert found["false_fails"]["fails"] == 0
    written, kept = ((folder / "mistakes.md").read_text() for folder in (tmp_path, ROOT / "docs"))
    found_there, kept_there = (page.sections("\n".join(comparable(t))) for t in (written, kept))
    assert set(kept_there) == set(EXERCISES)
    for exercise, section in found_there.items():
        # the last one on a page has no empty line behind it
        assert section.strip() == kept_there[exercise].strip(), "make audit renews the page"
    names = {a["name"] for e in found["exercises"] for a in e["wrong"]}
    assert names <= {p.stem.rpartition("-")[0] for p in audited().rglob("*.json")}


def keeping() -> tuple[str, ...]:
    return ("-m", "tests.helpers.audited", str(audited()))


def comparable(text: str) -> list[str]:
    """The page without what differs from one marking, or one processor, to the next: numbers, and
    the row of the one answer that meets an exact zero pivot or not, by the order of sums."""
    lines = re.sub(r"-?\d+(\.\d+)?(e[-+]?\d+)?", "#", text).splitlines()
    return [line for line in lines if not line.startswith(BY_ROUNDING)]


def masters() -> dict[str, Answer]:
    """{exercise: the master's answer} of all assignments, in the order of the audit."""
    course = Course(ROOT)
    return {
        exercise: answer
        for name in course.assignments()
        for exercise, answer in master_answers(course.exam(name)).items()
    }


def found_order() -> list[str]:
    return list(masters())


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Answers to `predict` among which each kind holds one that belongs to another kind."""
    folder = tmp_path_factory.mktemp("answers") / "predict"
    folder.mkdir()
    for name in ("right-reference", "wrong-half", "hostile-exit"):
        shutil.copy(ANSWERS / "predict" / f"{name}.py", folder)
    shutil.copy(folder / "wrong-half.py", folder / "right-not-at-all.py")
    for name in ("wrong-is-right", "hostile-is-right"):
        shutil.copy(folder / "right-reference.py", folder / f"{name}.py")
    entry = '[[survivor]]\nanswer = "right-reference"\nchange = """\n{}\n"""\nreason = "None."\n'
    killed = (
        "-    return (c1 + (c2 - c1) * (9 * outputs > (c1 + c2) / 2)).squeeze(1)\n+    return None"
    )
    (folder / "survivors.toml").write_text(entry.format(killed.replace("return None", "return")))
    return folder.parent


def test_planted_faults_are_found(planted):
    done = ntk_audit(
        "--light", "--exercise", "predict", "--mutants", "all", "--answers", str(planted)
    )
    assert done.returncode == 1, done.stderr
    for words in (
        "predict: 1 right answers rejected.",
        "predict: 1 wrong answers accepted.",
        "predict: hostile answers gained (1).",
        "predict: 1 explanations of survivors that there are not.",
        "predict/right-not-at-all, 0 points. threshold:",
        "predict/wrong-is-right, 2 points. all points",
        "predict/hostile-is-right gained in process.",
    ):
        assert words in done.stdout
    assert "false fails" in done.stdout  # the wrong one among the right ones is repeated too
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--answers", "nowhere"],
            "nowhere is not there: name the folder of answers with --answers DIR.",
        ),
        (["--exercise", "essay"], "No exercise essay: choose of "),
        (["--light", "--figure", "a.svg"], "--figure needs the full audit"),
        (["nothing"], "No masters in"),
        (["--exercise", "mlp", "--answers", "."], "holds no answers (right-*.py, wrong-*.py)"),
        (["--workers", "0"], "0 is not a positive number"),
    ],
)
def test_mistakes_in_the_command_are_one_line(arguments, words):
    done = ntk_audit(*arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert words in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e not in TRAINED])
def test_the_batteries_tell_right_from_wrong(exercise):
    """They are asked whether a mutant that a check accepts is wrong: so they must see at least what
    checks see."""
    names = [name for kind in ("right", "wrong") for _, name in answers(kind, exercise)]

    def work():
        students = {name: InProcessStudent(load(exercise, name)) for name in names}
        return {
            name: disagreement(CHECKS.battery(exercise), exercise, who, 5)
            for name, who in students.items()
        }

    for name, differs in forked(work).items():
        assert (differs is None) == name.startswith("right"), f"{exercise}/{name}: {differs}"


def test_the_battery_of_images_knows_an_interpolating_network():
    def work():
        right = disagreement(
            CHECKS.battery("interpolate"),
            "interpolate",
            InProcessStudent(load("interpolate", "right-narrower")),
            0,
        )
        return [
            right,
            disagreement(
                CHECKS.battery("interpolate"),
                "interpolate",
                InProcessStudent(load("interpolate", "wrong-untrained")),
                0,
            ),
        ]

    right, untrained = forked(work)
    assert right is None and untrained.startswith("interpolate, train")


@pytest.mark.parametrize(
    ("exercise", "name", "gains"),
    [
        ("predict", "hostile-exit", False),
        ("predict", "right-where", True),
        ("interpolate", "hostile-infinite", False),
        ("empirical_ntk", "right-reference", True),
        ("scaled", "right-other-style", True),
    ],
)
def test_hostile_answers_are_marked_in_the_sandbox(exercise, name, gains):
    answer = next(a for a in read_answers(ANSWERS, exercise) if a.name == name)
    found = mark_sandboxed(CHECKS.load(exercise), answer, 1, Where(terms(), CHECKS))
    assert found["points"] == (max_points(exercise) if gains else 0)
    assert bool(found["lost"]) is not gains


def test_the_masters_answers_are_taken_from_the_course():
    found = masters()
    assert set(found) == set(EXERCISES)
    assert "def gen_bound" in found["gen_bound"].source and "nn.Module" in found["mlp"].source
    assert found["test_ntk_accuracy"].source == found["ntk_kernel"].source
    assert any("class MLPshallow" in text for text in found["interpolate"].context)
    # no training on the way
    assert not any("lazy_net =" in text for text in found["gen_bound"].context)


def test_the_grader_draws_the_training_points_of_the_notebook():
    """rich_net is judged on points that the grader draws for itself: they must be the
    notebook's."""

    def work():
        names = {}
        for source in answer.context:
            exec(compile(source, "<context>", "exec"), names)
        x, y = task.train_points()
        near = abs(names["x_train"].double().numpy() - x).max()
        return [float(near), bool((names["y_train"].numpy() == y).all())]

    answer = masters()["rich_net"]
    near, same = forked(work)
    assert near < 1e-7 and same


def test_a_part_of_the_page_of_mistakes_is_renewed(tmp_path):
    def audited(name, message):
        wrong = [Marked("wrong-a", "Wrong. [slip]", 0, 1, {"value": message})]
        return Exercise(Check(name), wrong=wrong)

    path = tmp_path / "mistakes.md"
    page.write(Audit("a", [audited("one", "First."), audited("two", "Look.")], 1.0), path)
    page.write(Audit("a", [audited("one", "Look again."), audited("new", "Oh.")], 1.0), path)
    text = path.read_text()
    assert list(page.sections(text)) == ["one", "two", "new"]
    assert "Look again." in text and "First." not in text and text.startswith(page.HEAD)
    assert page.sections(text)["two"].endswith("| Wrong. | *value*: Look. |\n")


def test_seeds_in_an_answer_are_moved_and_nothing_else():
    source = (
        "torch.manual_seed(3)\nnet = Net(generator=torch.Generator().manual_seed(7))\n"
        "seed = 5\nx = torch.Generator()\n"
    )
    assert with_other_seeds(source, 20).splitlines() == [
        "torch.manual_seed(3 + 20)",
        "net = Net(generator=torch.Generator().manual_seed(7 + 20))",
        "seed = 5",
        "x = torch.Generator()",
    ]


def test_every_exercise_that_trains_has_a_figure(tmp_path):
    import types

    def trained(name, *keys):
        battery = types.ModuleType(name)
        battery.PANELS = tuple(Panel(key, f"the {key}", 0.5) for key in keys)
        found = Exercise(Check(name), battery)
        for answer in ("right-a", "right-b"):
            told = {"answer": answer, "threads": 1, **dict.fromkeys(keys, 0.7)}
            found.chance.measures.append(told)
        return found

    exercises = [trained("one", "loss"), exercise_with(), trained("two", "share", "kernel")]
    draw(Audit("a", exercises, 1.0), tmp_path / "figure.svg")
    drawn = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(drawn) == {"figure-one.svg", "figure-two.svg"}
    assert "<!-- the loss" in drawn["figure-one.svg"]
    assert all(f"<!-- the {key}" in drawn["figure-two.svg"] for key in ("share", "kernel"))
    assert all("<!-- 2 trainings" in text for text in drawn.values())


def judged(change: str, points: float, differs: str | None, lost: list[str]) -> Judged:
    return Judged("right-a", "constant", change, "", points, 2.0, lost, None, differs)


def exercise_with(*mutants: Judged) -> Exercise:
    right, wrong = Marked("right-a", "", 2, 2, {}), Marked("wrong-a", "", 1, 2, {"first": "Look."})
    check = Check("x")
    for name in ("first", "second"):
        check.criterion(name, 1, "It holds.")(lambda ask: None)
    return Exercise(check, right=[right], wrong=[wrong], mutants=list(mutants))


def test_killed_equivalent_strict_and_surviving():
    found = exercise_with(
        judged("killed", 0, "off", ["first", "second"]),
        judged("killed alone", 1, "off", ["second"]),
        judged("equivalent", 2, None, []),
        judged("strict", 1, None, ["first"]),
        judged("survivor", 2, "off", []),
    )
    assert [m.change for m in found.killed] == ["killed", "killed alone"]
    assert [m.change for m in found.equivalents] == ["equivalent", "strict"]
    assert [m.change for m in found.strict] == ["strict"]
    assert [m.change for m in found.survivors] == ["survivor"]
    assert found.kill_rate == pytest.approx(2 / 3)
    assert found.caught() == {
        "first": {"wrong": 1, "wrong alone": 1, "mutants": 1, "mutants alone": 0},
        "second": {"wrong": 0, "wrong alone": 0, "mutants": 2, "mutants alone": 1},
    }
    assert found.faults() == [
        "x: only 66.7 % of the mutants killed.",
        "x: 1 survivors unexplained.",
    ]
    assert not Audit("a", [found], 1.0).to_json()["ok"]


def test_survivors_are_explained_and_old_explanations_are_named(tmp_path):
    (tmp_path / "x").mkdir()
    many = [judged(f"killed {i}", 0, "off", ["first"]) for i in range(199)]
    found = exercise_with(judged("-a\n+b", 2, "off", []), *many)
    entry = '[[survivor]]\nanswer = "right-a"\nchange = """\n{}\n"""\nreason = "A list will do."\n'
    (tmp_path / "x" / "survivors.toml").write_text(
        entry.format("-a\n+b") + entry.format("killed 3") + entry.format("another day's sample")
    )
    explain(found, tmp_path)
    assert found.survivors[0].reason == "A list will do."
    assert found.stale == ["right-a: killed 3"]
    assert found.faults() == ["x: 1 explanations of survivors that there are not."]


@pytest.mark.parametrize("text", ["[[survivor]]\nanswer = 1", "not toml", "survivor = 3"])
def test_a_malformed_allow_list_is_named(tmp_path, text):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "survivors.toml").write_text(text)
    with pytest.raises(AuditError, match=r"survivors.toml is not as it should be"):
        read_explained(tmp_path, "x")
