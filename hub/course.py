"""The course on the hub: its folder in the grader's home, the students in its gradebook, the
exchange."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable

from .accounts import give
from .places import COURSE, GRADER, ROOT, HubError, Places, reason_of

ADD = """
import sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1], sys.argv[2]) as gradebook:
    for student in sys.argv[3:]:
        gradebook.update_or_create_student(student, first_name="Student", last_name=student)
"""
ROOT_LINE = "\n# On the hub\nc.CourseDirectory.root = {!r}\n"


def make_course(places: Places, students: Iterable[str]) -> None:
    """Masters, configuration and gradebook, for the grader alone."""
    folder = places.course
    folder.mkdir(mode=0o700)
    for part in ("source", "checks"):  # the course's own checks, if it brings any
        if (ROOT / part).is_dir():
            leave = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=leave)
    configuration = (ROOT / "nbgrader_config.py").read_text() + ROOT_LINE.format(str(folder))
    (folder / "nbgrader_config.py").write_text(configuration)
    give(places.home(GRADER), GRADER)
    database = f"sqlite:///{folder / 'gradebook.db'}"
    as_grader(
        places, [places.course_env / "bin" / "python", "-P", "-c", ADD, database, COURSE, *students]
    )


def make_exchange(places: Places) -> None:
    """Root owns the exchange, so nobody opens a course in it; the course's own folders have
    nbgrader's permissions."""
    grader = pwd.getpwnam(GRADER)
    places.exchange.mkdir(mode=0o755)
    for name, mode in ((".", 0o755), ("outbound", 0o755), ("inbound", 0o3733), ("feedback", 0o711)):
        path = places.exchange / COURSE / name
        path.mkdir(exist_ok=True)
        os.chown(path, grader.pw_uid, grader.pw_gid)
        path.chmod(mode)


def as_grader(places: Places, words: Iterable) -> str:
    """Run a command as the course's account in the course's folder; returns its output. Raises
    HubError."""
    account = pwd.getpwnam(GRADER)
    run = subprocess.run(
        [str(word) for word in words],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd=places.course,
        env={
            "HOME": account.pw_dir,
            "PATH": f"{places.course_env}/bin:{places.student}/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise HubError(f"The course cannot be made: {reason_of(run)}")
    return run.stdout
