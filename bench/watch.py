"""What `ntk watch` adds: `python -m bench watch`, or single parts: `python -m bench.watch
look`, `… burst`, `… idle`.

look: one look at an exchange and a `submitted/` of 1000 students, five hand-ins each, with nothing
new and with one new hand-in. burst: thirty students hand in at once; throughput against `ntk grade`
on the same class. idle: ten hand-ins of the lab one after another, from the click to the page.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

NTK = [sys.executable, "-m", "autograder.cli"]
STUDENTS, EACH = 1000, 5
CLASS, PERFECT = 30, 10
SHARE, WORST = 0.9, 60.0  # targets: of `ntk grade`'s throughput; s


def cpu(work: Callable[[], object], times: int) -> tuple[float, float]:
    """CPU and wall time (s) of one call."""
    busy, began = time.process_time(), time.monotonic()
    for _ in range(times):
        work()
    return (time.process_time() - busy) / times, (time.monotonic() - began) / times


def look(scratch: Path) -> None:
    from unittest import mock

    from autograder.classroom.exchange import Exchange
    from autograder.classroom.waiting import Waiting
    from autograder.course import Course
    from demo.light import LIGHT, RIGHT, make_light_course, submit

    inbound = scratch / "exchange" / "ntk" / "inbound"
    inbound.mkdir(parents=True)
    folder = make_light_course(
        scratch / "course",
        "c.ExchangeFactory.collect = 'ntk_exchange.Collect'\n"
        f"c.Exchange.root = {str(scratch / 'exchange')!r}",
    )
    sys.path.insert(0, str(Path(__file__).parent.parent / "hub" / "shared"))
    text = submit(folder, "s00000", RIGHT()).read_bytes()
    for number in range(STUDENTS):
        student = f"s{number:05}"
        mine = folder / "submitted" / student / LIGHT
        mine.mkdir(parents=True, exist_ok=True)
        for name, data in (
            ("1-light.ipynb", text),
            ("timestamp.txt", b"2026-01-01 12:00:00 UTC"),
            ("submission_secret.txt", b"x" * 128),
        ):
            (mine / name).write_bytes(data)
        for turn in range(EACH):
            (inbound / f"{student}+{LIGHT}+2026-01-01 12:00:0{turn} UTC+x").mkdir()
    course = Course(folder)
    exchange, waiting = Exchange(course, "ntk watch"), Waiting(course, LIGHT)
    account = mock.Mock(pw_uid=os.getuid())
    with mock.patch("pwd.getpwnam", return_value=account):
        exchange._seen[LIGHT] = {path.name for path in inbound.iterdir()}
        waiting.look({f"s{n:05}": 1.0 for n in range(STUDENTS)})
        waiting.handled = {name: entry.seen for name, entry in waiting.queue.items()}
        waiting.queue.clear()
        spent = cpu(lambda: exchange.collect(LIGHT), 20)
        print(f"a look at {STUDENTS * EACH} old hand-ins in the exchange: {_ms(spent)}")
        spent = cpu(lambda: waiting.look({}), 20)
        print(f"a look at {STUDENTS} folders of submitted/: {_ms(spent)}")
        assert not waiting.queue


def _ms(spent: tuple[float, float]) -> str:
    return f"{1000 * spent[0]:.0f} ms of processor, {1000 * spent[1]:.0f} ms"


def burst(scratch: Path) -> None:
    """Light submissions that think for two seconds: so much of the time is overhead, which is what
    is compared, and both cores are busy."""
    from bench.classroom import verdict
    from demo.light import LIGHT, RIGHT, make_light_course, submit

    work = "import hashlib\nfor i in range(1500000): hashlib.md5(b'%d' % i).digest()\n"
    seconds: dict[str, list[float]] = {"grade": [], "watch": []}
    for turn, kind in enumerate(("grade", "watch", "watch", "grade")):
        course = make_light_course(scratch / str(turn))
        for number in range(CLASS):
            submit(course, f"s{number:02}", f"{work}{RIGHT()}\n# {number}")
        words = [*NTK, kind, LIGHT, "--workers", "2", "--course", str(course)]
        began = time.monotonic()
        ran = subprocess.run(
            [*words, *(["--once"] if kind == "watch" else [])],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"bench: {ran.stderr[-2000:]}")
        seconds[kind].append(time.monotonic() - began)
        print(f"{kind}: {CLASS} in {seconds[kind][-1]:.1f} s", flush=True)
    share = min(seconds["grade"]) / min(seconds["watch"])
    verdict("throughput of ntk watch over ntk grade, same class", share, SHARE, at_least=True)


def idle(scratch: Path) -> None:
    """The hand-in is a folder that appears in one step; three seconds of each wait are the quiet
    that a folder is given (with nbgrader's exchange there are none)."""
    from nbgrader.utils import is_solution

    from autograder.classroom.draws import Draws
    from bench.classroom import verdict
    from bench.score import ASSIGNMENT, ROOT, course
    from demo.submissions import read_notebooks, write_notebooks

    folder = scratch / "course"
    course(folder, (ROOT / "nbgrader_config.py").read_text() + "\nc.Watch.per_day = 0\n")
    first = folder / "submitted" / "perfect"
    perfect = read_notebooks(first / ASSIGNMENT)
    first.rename(scratch / "aside")
    words = [*NTK, "watch", ASSIGNMENT, "--workers", "2", "--course", str(folder)]
    watcher = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    waits = []
    try:
        for number in range(PERFECT):
            for notebook in perfect.values():
                answer = next(cell for cell in notebook.cells if is_solution(cell))
                answer.source += f"\n# {number}"
            write_notebooks(perfect, scratch / "new" / ASSIGNMENT)
            began = time.monotonic()
            (scratch / "new").rename(folder / "submitted" / f"s{number}")
            while not ((shown := Draws(folder, ASSIGNMENT).get(f"s{number}")) and shown.released):
                time.sleep(0.2)
            waits.append(time.monotonic() - began)
            print(f"{waits[-1]:.0f} s", flush=True)
    finally:
        watcher.terminate()
        watcher.wait()
    verdict("from the click to the page, median, s", statistics.median(waits), WORST)
    verdict("from the click to the page, worst, s", max(waits), WORST)


def main(*parts: str) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    for part in parts or ("look", "burst", "idle"):
        with tempfile.TemporaryDirectory() as scratch:
            {"look": look, "burst": burst, "idle": idle}[part](Path(scratch))


if __name__ == "__main__":
    main(*sys.argv[1:])
