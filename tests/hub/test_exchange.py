"""Collecting from accounts that do not trust each other, with files of real accounts (those that
every Debian has)."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "hub" / "shared"))
import ntk_exchange

STUDENT, OTHER = "daemon", "bin"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="root is needed: files of several accounts"
)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """An empty gradebook; making one takes seconds."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", "ntk"):
        pass
    return path


@pytest.fixture
def collect(tmp_path, gradebook):
    """`put` a submission into the exchange, `run` the collection; returns both."""
    config = Config()
    config.CourseDirectory.root = str(tmp_path / "course")
    config.CourseDirectory.course_id = "ntk"
    config.CourseDirectory.assignment_id = "tp"
    config.Exchange.root = str(tmp_path / "exchange")
    inbound = tmp_path / "exchange" / "ntk" / "inbound"
    for folder in (tmp_path / "course", inbound):
        folder.mkdir(parents=True)
    shutil.copy(gradebook, tmp_path / "course")

    def put(owner: str, claims: str, day: int, **files: str) -> Path:
        folder = inbound / f"{claims}+tp+2030-01-{day:02} 00:00:00.0 UTC+random"
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.txt").write_text(text)
        own(owner, folder)
        return folder

    def run(**options) -> dict[str, dict[str, str]]:
        directory = CourseDirectory(config=config)
        work = ntk_exchange.Collect(
            coursedir=directory, config=config, log=logging.getLogger("collect")
        )
        for name, value in options.items():
            setattr(work if work.has_trait(name) else directory, name, value)
        work.start()
        submitted = tmp_path / "course" / "submitted"
        return {
            student.name: {
                str(p.relative_to(student / "tp")): p.read_text() for p in student.rglob("*.txt")
            }
            for student in sorted(submitted.glob("*"))
        }

    return put, run


def own(owner: str, folder: Path) -> None:
    account = pwd.getpwnam(owner)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def test_the_newest_of_the_students_own(collect):
    put, run = collect
    put(STUDENT, STUDENT, 1, a="old")
    put(STUDENT, STUDENT, 2, a="new")
    assert run() == {STUDENT: {"a.txt": "new"}}


def test_a_later_forgery_does_not_replace_it(collect, caplog):
    put, run = collect
    put(STUDENT, STUDENT, 1, a="mine")
    put(OTHER, STUDENT, 9, a="forged")
    assert run() == {STUDENT: {"a.txt": "mine"}}
    assert f"is not of {STUDENT}'s account" in caplog.text


@pytest.mark.parametrize("day", [2, 5])
def test_a_forgery_in_time_does_not_push_a_late_submission_out(collect, tmp_path, day):
    put, run = collect
    with Gradebook(f"sqlite:///{tmp_path / 'course' / 'gradebook.db'}", "ntk") as book:
        book.add_assignment("tp", duedate=datetime(2030, 1, 3))  # noqa: DTZ001  (as nbgrader's)
    put(STUDENT, STUDENT, 4, a="late")
    put(OTHER, STUDENT, day, a="forged")
    assert run(before_duedate=True) == {STUDENT: {"a.txt": "late"}}


def test_a_forgery_alone_is_left_out_and_named(collect, caplog):
    put, run = collect
    put(OTHER, STUDENT, 9, a="forged")
    put(OTHER, "no-such-account", 9, a="forged")
    assert run() == {}
    assert f"is not of {STUDENT}'s account" in caplog.text


def test_files_of_another_account_within_are_left_out(collect):
    put, run = collect
    folder = put(STUDENT, STUDENT, 1, a="mine", b="planted")
    own(OTHER, folder / "b.txt")
    assert run() == {STUDENT: {"a.txt": "mine"}}


def test_links_pipes_and_hard_links_are_not_followed(collect, tmp_path):
    put, run = collect
    (tmp_path / "master.txt").write_text("the solution")
    folder = put(STUDENT, STUDENT, 1, a="mine")
    (folder / "link.txt").symlink_to(tmp_path / "master.txt")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    own(STUDENT, folder)
    os.link(tmp_path / "master.txt", folder / "hard.txt")
    assert run() == {STUDENT: {"a.txt": "mine"}}


def test_a_link_in_place_of_a_submission_is_left_out(collect):
    put, run = collect
    folder = put(STUDENT, STUDENT, 1, a="mine")
    (folder.parent / f"{STUDENT}+tp+2030-01-09 00:00:00.0 UTC+x").symlink_to(folder)
    assert run() == {STUDENT: {"a.txt": "mine"}}


def test_names_that_are_none_do_not_end_the_collection(collect):
    put, run = collect
    folder = put(STUDENT, STUDENT, 1, a="mine")
    for name in (f"{STUDENT}+tp+no date+x", f"{STUDENT}+tp+", f"{STUDENT}+tp+99999999999999+x"):
        (folder.parent / name).mkdir()
    assert run() == {STUDENT: {"a.txt": "mine"}}


def test_folders_within_and_limits(collect):
    put, run = collect
    folder = put(STUDENT, STUDENT, 1, a="mine", large="x" * 5000)
    (folder / "more").mkdir()
    (folder / "more" / "b.txt").write_text("also mine")
    (folder / "more" / "b.pyc").write_text("not wanted")
    own(STUDENT, folder)
    found = run(max_file_size=4)
    assert found == {STUDENT: {"a.txt": "mine", "more/b.txt": "also mine"}}


def test_a_root_that_nobody_can_write_to_is_fine(collect, tmp_path):
    put, run = collect
    put(STUDENT, STUDENT, 1, a="mine")
    (tmp_path / "exchange").chmod(0o555)
    assert run() == {STUDENT: {"a.txt": "mine"}}
