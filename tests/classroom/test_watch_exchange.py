"""The exchange as a watcher sees it: only what is complete, only from whose it is, feedback under
the name that the student looks for, and never over an instructor's."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import sys
import time
from pathlib import Path

import pytest

from autograder.classroom.exchange import Exchange, ExchangeError, everywhere
from autograder.classroom.waiting import QUIET_SECONDS, Waiting, look_of
from autograder.course import Course
from autograder.locks import Lock, is_taken
from autograder.submission.turns import Busy, path_of, turn
from demo.light import LIGHT, NOTEBOOK, RIGHT, light_master, make_light_course, submit
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "hub" / "shared"))

STUDENT, OTHER = "daemon", "bin"
MARK = "made while they work"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root is needed: files of several accounts")
SAFE = "c.ExchangeFactory.collect = 'ntk_exchange.Collect'\n"
SAFE += "c.ExchangeFactory.release_feedback = 'ntk_exchange.ReleaseFeedback'\n"


def make(folder: Path, extra: str = SAFE) -> Course:
    """A light course with an exchange."""
    for name in ("inbound", "feedback", "outbound"):
        (folder / "exchange" / "ntk" / name).mkdir(parents=True)
    extra += f"c.Exchange.root = {str(folder / 'exchange')!r}"
    return Course(make_light_course(folder / "course", extra))


def hand_in(
    course: Course, student: str, *, owner: str = "", day: int = 1, complete: bool = True
) -> str:
    """What nbgrader's Submit leaves in `inbound`; returns its secret."""
    inbound = course.root.parent / "exchange" / "ntk" / "inbound"
    folder = inbound / f"{student}+{LIGHT}+2026-01-{day:02} 12:00:00.000000 UTC+random"
    folder.mkdir()
    (folder / f"{NOTEBOOK}.ipynb").write_text(__import__("nbformat").writes(light_master()))
    secret = secrets.token_hex(64)
    (folder / "timestamp.txt").write_text(f"2026-01-{day:02} 12:00:00.000000 UTC")
    if complete:
        (folder / "submission_secret.txt").write_text(secret)
    account = pwd.getpwnam(owner or student)
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    folder.chmod(0o770 if complete else 0o750)
    return secret


def submitted(course: Course, student: str = STUDENT) -> Path:
    return course.submitted / student / LIGHT


@as_root
def test_what_is_new_is_collected_once_and_the_time_of_the_click_is_known(tmp_path):
    course = make(tmp_path)
    exchange = Exchange(course, MARK)
    assert exchange.here and exchange.collect(LIGHT) == {}
    before = time.time()
    hand_in(course, STUDENT)
    arrived = exchange.collect(LIGHT)
    assert list(arrived) == [STUDENT] and before - 1 < arrived[STUDENT] <= time.time()
    assert (submitted(course) / f"{NOTEBOOK}.ipynb").is_file()
    assert exchange.collect(LIGHT) == {}
    hand_in(course, STUDENT, day=2)
    assert list(exchange.collect(LIGHT)) == [STUDENT]
    assert "2026-01-02" in (submitted(course) / "timestamp.txt").read_text()


@as_root
def test_half_a_submission_is_left_until_it_is_whole(tmp_path):
    course = make(tmp_path)
    exchange = Exchange(course, MARK)
    hand_in(course, STUDENT, complete=False)
    assert exchange.collect(LIGHT) == {} and not submitted(course).exists()
    [folder] = (tmp_path / "exchange" / "ntk" / "inbound").iterdir()
    (folder / "submission_secret.txt").write_text("secret")
    shutil.chown(folder / "submission_secret.txt", STUDENT)
    assert exchange.collect(LIGHT) == {}, "its rights are not set yet"
    folder.chmod(0o770)
    assert list(exchange.collect(LIGHT)) == [STUDENT]


@as_root
def test_a_half_of_a_newer_one_does_not_hide_the_older_one(tmp_path):
    course = make(tmp_path)
    hand_in(course, STUDENT, day=1)
    hand_in(course, STUDENT, day=2, complete=False)
    Exchange(course, MARK).collect(LIGHT)
    assert "2026-01-01" in (submitted(course) / "timestamp.txt").read_text()


@as_root
def test_a_forged_one_is_left_out(tmp_path, caplog):
    course = make(tmp_path)
    exchange = Exchange(course, MARK)
    hand_in(course, STUDENT, owner=OTHER)
    hand_in(course, OTHER)
    assert list(exchange.collect(LIGHT)) == [OTHER] and not submitted(course).exists()
    assert f"{STUDENT}+{LIGHT}" in caplog.text and "is not of that account" in caplog.text


@as_root
def test_nobody_is_collected_while_they_are_marked(tmp_path, monkeypatch):
    import ntk_exchange

    monkeypatch.setattr(ntk_exchange, "TURN_SECONDS", 0.1)
    course = make(tmp_path)
    exchange = Exchange(course, MARK)
    hand_in(course, STUDENT)
    with turn(course.root, LIGHT, STUDENT):
        assert exchange.collect(LIGHT) == {} and not submitted(course).exists()
    assert list(exchange.collect(LIGHT)) == [STUDENT]


@as_root
def test_pages_reach_the_student_but_never_replace_an_instructors(tmp_path):
    course = make(tmp_path)
    secret = hand_in(course, STUDENT)
    exchange = Exchange(course, MARK)
    exchange.collect(LIGHT)
    pages = course.root / "verdicts" / STUDENT / LIGHT
    pages.mkdir(parents=True)
    for name in ("timestamp.txt", "submission_secret.txt"):
        shutil.copy(submitted(course) / name, pages)
    (pages / f"{NOTEBOOK}.html").write_text(f"<html>{MARK}: 2 of 3")
    assert not exchange.is_final(secret, NOTEBOOK)
    exchange.release(LIGHT, STUDENT, "verdicts")
    checksum = hashlib.md5((secret + NOTEBOOK).encode()).hexdigest()
    out = tmp_path / "exchange" / "ntk" / "feedback" / f"{checksum}.html"
    assert "2 of 3" in out.read_text() and not exchange.is_final(secret, NOTEBOOK)
    out.write_text("<html>the final one")
    assert exchange.is_final(secret, NOTEBOOK)
    assert not (course.root / "feedback").exists(), "nbgrader's own folder is the instructor's"


def test_an_exchange_that_does_not_look_at_owners_is_refused(tmp_path):
    with pytest.raises(ExchangeError, match="does not check who hands in"):
        Exchange(make(tmp_path, ""), MARK)
    without = Course(make_light_course(tmp_path / "other", "c.Exchange.root = '/nowhere'"))
    assert not Exchange(without, MARK).here


def test_settings_of_the_machine_count_below_the_courses(tmp_path, monkeypatch):
    machine = tmp_path / "machine"
    machine.mkdir()
    (machine / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Exchange.root = '/machine'\nc.CourseDirectory.course_id = 'other'\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(machine))
    found = everywhere(Course(make_light_course(tmp_path / "course")))
    assert found.Exchange.root == "/machine" and found.CourseDirectory.course_id == "ntk"


def test_a_folder_that_is_being_filled_is_left_alone(tmp_path, monkeypatch):
    course = Course(make_light_course(tmp_path / "course"))
    waiting = Waiting(course, LIGHT)
    submit(course.root, "ada", RIGHT())
    waiting.look({})
    assert waiting.queue == {} and waiting.restless == 1
    monkeypatch.setattr(
        "autograder.classroom.waiting.time", lambda: time.time() + QUIET_SECONDS + 1
    )
    waiting.look({})
    assert list(waiting.queue) == ["ada"]
    seen = waiting.queue["ada"].seen
    waiting.done(waiting.take().student, seen)
    waiting.look({})
    assert waiting.queue == {}
    os.utime(submitted(course, "ada") / f"{NOTEBOOK}.ipynb")  # as a sync tool would
    waiting.look({})
    assert list(waiting.queue) == ["ada"]


def test_what_failed_is_tried_again_after_a_pause_that_grows_and_at_once_when_it_is_new(tmp_path):
    course = Course(make_light_course(tmp_path / "course"))
    waiting = Waiting(course, LIGHT)
    submit(course.root, "ada", RIGHT())
    waiting.look({"ada": 1.0})
    assert [waiting.failed(waiting.take())] == [10.0]
    waiting.look({"ada": 1.0})
    assert waiting.queue == {}
    waiting.paused["ada"].until = 0.0
    waiting.look({"ada": 1.0})
    assert waiting.failed(waiting.take()) == 20.0
    submit(course.root, "ada", RIGHT() + "#")
    waiting.look({"ada": 2.0})
    assert list(waiting.queue) == ["ada"]


def test_a_look_follows_no_link_and_opens_nothing(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    first = look_of(folder)
    assert first is not None and look_of(folder) == first
    (folder / "new").touch()
    assert look_of(folder) != first
    assert look_of(tmp_path / "nothing") is None and look_of(folder / "loop") is None


def test_a_turn_is_one_processs_and_may_be_taken_within_itself(tmp_path):
    with turn(tmp_path, LIGHT, "ada"), turn(tmp_path, LIGHT, "ada"), turn(tmp_path, LIGHT, "bob"):
        other = Lock(path_of(tmp_path, LIGHT, "ada"))
        assert not other.take() and is_taken(other.path)
    assert other.take()
    with pytest.raises(Busy, match="another process"), turn(tmp_path, LIGHT, "ada", 0.1):
        pass
    other.release()
    assert not is_taken(other.path) and not is_taken(tmp_path / "none")
