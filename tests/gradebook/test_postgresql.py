"""The gradebook in PostgreSQL: a real server on loopback, started here and removed afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook

from demo.light import LIGHT, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import grade, grade_here, ntk_here, wait_for


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    """The URL of an empty database. PostgreSQL refuses to run as root: then it runs as its own
    account."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="ntk-pg-"))
    port, account = free_port(), {}
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    )

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(
            command, check=True, cwd=folder, timeout=120, stdout=subprocess.DEVNULL, **account
        )

    run("initdb", "-U", "ntk", "--auth=trust", "--encoding=UTF8", "--locale=C")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://ntk@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def marks(url: str) -> dict[str, float | None]:
    with Gradebook(url, "ntk") as gradebook:
        return {
            s.student_id: g.auto_score
            for s in gradebook.assignment_submissions(LIGHT)
            for n in s.notebooks
            for g in n.grades
        }


def test_a_class_is_recorded_again_and_exported(server, tmp_path, workers):
    course = make_light_course(tmp_path / "course", f"c.CourseDirectory.db_url = {server!r}")
    submit(course, "ada", RIGHT())
    submit(course, "bob", WRONG)
    found = grade(course, "--workers", "2")
    assert found["code"] == 0 and found["failed"] == {}, found
    assert marks(server) == {"ada": 3.0, "bob": 0.0}
    assert not (course / "gradebook.db").exists()

    submit(course, "bob", RIGHT() + "\n#")
    assert grade_here(course, *workers)["unchanged"] == 1
    assert marks(server) == {"ada": 3.0, "bob": 3.0}

    command = ["nbgrader", "autograde", LIGHT, "--student", "ada", "--force"]
    subprocess.run(command, cwd=course, check=True, capture_output=True, timeout=280)
    assert marks(server) == {"ada": 3.0, "bob": 3.0}
    assert ntk_here(course, "report", LIGHT).returncode == 0
    assert ntk_here(course, "export", LIGHT, "--to", str(course / "marks.csv")).returncode == 0
    assert (course / "marks.csv").read_text().count(",3") >= 2
    assert ntk_here(course, "grade", LIGHT, "--dry-run").returncode == 0


def waiting(url: str) -> bool:
    """Whether somebody waits for a table."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())


def test_a_table_that_another_process_holds_is_waited_for(server, tmp_path, workers):
    course = make_light_course(tmp_path / "course", f"c.CourseDirectory.db_url = {server!r}")
    submit(course, "eve", RIGHT())
    Gradebook(server, "ntk").close()  # makes the tables
    with psycopg.connect(server.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE grade IN ACCESS EXCLUSIVE MODE")
        outcome: list[dict] = []
        run = threading.Thread(target=lambda: outcome.append(grade_here(course, *workers)))
        run.start()
        wait_for(lambda: waiting(server) or not run.is_alive())
        time.sleep(3)
        assert run.is_alive()
        holder.rollback()
        run.join(280)
    assert outcome[0]["code"] == 0, outcome
    assert marks(server)["eve"] == 3.0


def test_a_server_that_is_not_there_is_a_clear_line(tmp_path):
    url = f"postgresql+psycopg://ntk@127.0.0.1:{free_port()}/postgres"
    course = make_light_course(tmp_path / "course", f"c.CourseDirectory.db_url = {url!r}")
    submit(course, "ada", RIGHT())
    for command in (
        ("grade", LIGHT),
        ("grade", LIGHT, "--dry-run"),
        ("report", LIGHT),
        ("export", LIGHT),
    ):
        ran = ntk_here(course, *command)
        assert ran.returncode != 0
        assert "gradebook" in ran.stderr.splitlines()[-1] and "Traceback" not in ran.stderr, (
            ran.stderr
        )
