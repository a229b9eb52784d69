"""Marks while they work, on the hub: a student hands in, does nothing else, and finds her verdict;
hands in again with one more exercise done, and sees the difference. Instructors see how the watcher
is."""

from __future__ import annotations

import json
import os
import re
import statistics
from pathlib import Path
from time import monotonic, sleep

import pytest
from conftest import environment_of
from people import Instructor, Student
from work import right_answers, write_into

from demo.submissions import fill, read_notebooks
from hub.accounts import give
from tests.conftest import ASSIGNMENT, FIRST

pytestmark = pytest.mark.parametrize("hub", ["watch"], indirect=True)
SOON = 600.0  # s: the machine may be slow and busy
DONE = ("mlp", "predict")
COUNT = int(os.environ.get("NTK_WATCH_COUNT", "3"))  # ten for the figure of docs/operating.md


@pytest.fixture
def course_is_open(hub):
    """The release in the exchange; made here when no test has made it before."""
    folder = hub.places.exchange / "ntk" / "outbound" / ASSIGNMENT
    if not folder.is_dir():
        hub.in_course(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"])
        hub.in_course(["nbgrader", "release_assignment", ASSIGNMENT])
    return read_notebooks(folder)


def status(hub) -> dict:
    run = hub.in_course(["ntk", "watch", "--status", "--json"], check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


def served(hub, count: int) -> dict:
    """Wait until so many have got their feedback."""
    deadline = monotonic() + SOON
    while (found := status(hub))["done"] < count:
        assert monotonic() < deadline, (found, hub.places.log.read_text()[-8000:])
        sleep(2)
    return found


def test_a_student_hands_in_and_finds_her_verdict(hub, browser, pictures, course_is_open):
    released, ada = course_is_open, hub.students[0]
    assert status(hub)["watching"]
    before = status(hub)["done"]
    student = Student(browser, hub.address, ada, hub.passwords[ada], pictures)
    instructor = Instructor(
        browser, hub.address, hub.instructor, hub.passwords[hub.instructor], pictures
    )
    right = right_answers()
    try:
        student.start()
        student.fetch()
        student.open_notebook(FIRST, released[FIRST])
        student.write({exercise: right[exercise] for exercise in DONE})
        student.save()
        student.show_assignments()
        student.submit()
        served(hub, before + 1)
        student.fetch_feedback()
        page = student.view_feedback(FIRST)
        page.wait_for_selector("h1")
        text = page.inner_text("main")
        student.picture("5-watch-first")
        assert "This is your first feedback." in text and "of 22 points" in text
        assert "Feedback left today" in text and "9 of 10." in text
        assert "discussion (4 points), which a person marks" in text
        assert "HIDDEN TESTS" not in text and "autograder" not in text

        student.back_to_notebook(FIRST)
        student.write({"ntk_kernel": right["ntk_kernel"]})
        student.save()
        student.show_assignments()
        student.submit()
        served(hub, before + 2)
        student.fetch_feedback(1)
        page = student.view_feedback(FIRST, newest=True)
        page.wait_for_selector("h1")
        text = page.inner_text("main")
        student.picture("5-watch-second")
        assert "+5: ntk_kernel" in text and "8 of 10." in text

        instructor.log_in("/services/ntk/watch")
        instructor.page.wait_for_selector("h1")
        said = instructor.page.inner_text("main")
        instructor.picture("5-watch-state")
        assert "Marks while they work" in said
        assert re.search(rf"Watching .*\b{ASSIGNMENT}\b", said), said
        assert f"done {before + 2}" in said
    except BaseException:
        print(*student.troubles, *instructor.troubles, sep="\n")
        student.picture("failed-watch")
        print(hub.places.log.read_text()[-20_000:])
        raise
    finally:
        student.leave()
        instructor.leave()
    log = hub.places.log.read_text()
    assert f"{ASSIGNMENT}: {ada}: " in log and "feedback after" in log
    [watcher] = [p for p in watchers() if b"--stay" in p.read_bytes()]
    below = os.getpriority(os.PRIO_PROCESS, int(watcher.parent.name)) - os.nice(0)
    assert below == 10, "behind the students' servers, which are as nice as we are"


def watchers() -> list[Path]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"autograder.cli\0watch" in path.read_bytes():
                found.append(path)
        except OSError:
            continue
    return found


def test_from_the_click_to_the_feedback(hub, course_is_open, record_property):
    """Some submissions of one student, each by nbgrader's own Submit and when the one before is
    done: the time that the watcher measures from the end of Submit to the release of the page."""
    released, ada, right = course_is_open, hub.students[0], right_answers()
    with open(hub.places.course / "nbgrader_config.py", "a") as config:
        config.write("c.Watch.per_day = 0\n")
    home = hub.places.home(ada)
    folder = home / "ntk" / ASSIGNMENT
    variables = environment_of(ada, "singleuser")  # the first test has started it
    before = status(hub)["done"]
    for number in range(COUNT):
        answers = right | {"mlp": f"{right['mlp']}\n# {number}"}
        write_into(folder, fill(released, answers))
        give(folder, ada)
        hub.run(
            ada,
            ["env", "-C", home, "nbgrader", "submit", ASSIGNMENT, "--course", "ntk"],
            **variables,
        )
        found = served(hub, before + number + 1)
    waits = found["waits"][-COUNT:]
    median, worst = statistics.median(waits), max(waits)
    record_property("median", median)
    record_property("worst", worst)
    print(
        f"{COUNT} submissions, from the click to the feedback: median {median:.0f} s, worst {worst:.0f} s"
    )
    assert worst < SOON
