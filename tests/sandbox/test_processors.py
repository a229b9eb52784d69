"""One processor a sandbox: it cannot leave it, and two sandboxes do not share one while another is
free."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from autograder.limits import Limits
from autograder.locks import is_taken
from autograder.sandbox import processors
from autograder.sandbox.bubblewrap import Sandbox, find_bwrap
from autograder.sandbox.processors import PREFIX, Processor
from autograder.sandbox.warden import Warden

several = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="hardware: one processor is not enough"
)
LOOK = """
import os, sys, time
mine = os.sched_getaffinity(0)
assert len(mine) == 1, mine
for wanted in ({0}, set(range(os.cpu_count())), {os.cpu_count() - 1}):
    try:
        os.sched_setaffinity(0, wanted)
        sys.exit(3)
    except PermissionError:
        pass
child = os.fork()
if not child:
    os._exit(os.sched_getaffinity(0) != mine)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print(*mine, file=sys.stderr)
sys.stderr.flush()
time.sleep(float(sys.argv[1]))
"""


def look(seconds: float) -> Warden:
    limits = Limits()
    command = [sys.executable, "-I", "-S", "-c", LOOK, str(seconds)]
    return Warden(Sandbox(command, limits, bwrap=find_bwrap()), limits)


def place(warden: Warden) -> int:
    """Where a sandbox ran, as it says itself, once it has ended."""
    assert warden.ended.wait(120)
    assert warden.returncode == 0, warden.stderr
    return int(warden.stderr.split()[-1])


def test_a_sandbox_has_one_processor_and_keeps_it():
    before = os.sched_getaffinity(0)
    assert place(look(0)) in before
    assert os.sched_getaffinity(0) == before, "the grader itself goes where it likes"


@several
def test_two_sandboxes_have_two(tmp_path, monkeypatch):
    monkeypatch.setattr(processors, "parent_folder", lambda: tmp_path)
    first = look(20)
    while not any(is_taken(path) for path in tmp_path.glob(f"{PREFIX}*/*")):
        assert not first.ended.is_set(), first.stderr
    second, third = Processor(), Processor()
    assert third._lock is None or len(os.sched_getaffinity(0)) > 2
    first.kill()
    assert first.ended.wait(60)
    assert first._processor is not None
    assert second.number != first._processor.number
    again = [Processor() for _ in range(len(os.sched_getaffinity(0)) - 1)]
    assert first._processor.number in {p.number for p in again if p._lock}, "it is free again"
    for processor in (second, third, *again):
        processor.release()


def test_a_folder_that_somebody_else_has_made_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(processors, "parent_folder", lambda: tmp_path)
    (tmp_path / f"{PREFIX}{os.geteuid()}").symlink_to(tmp_path)
    assert Processor()._lock is None
    (tmp_path / f"{PREFIX}{os.geteuid()}").unlink()
    (tmp_path / f"{PREFIX}{os.geteuid()}").mkdir(mode=0o777)
    (tmp_path / f"{PREFIX}{os.geteuid()}").chmod(0o777)
    found = Processor()
    assert found._lock is None and found.number in os.sched_getaffinity(0)
    (tmp_path / f"{PREFIX}{os.geteuid()}").rmdir()
    mine = Processor()
    assert mine._lock is not None
    made = os.lstat(tmp_path / f"{PREFIX}{os.geteuid()}")
    assert stat.S_IMODE(made.st_mode) == 0o700
    mine.release()
