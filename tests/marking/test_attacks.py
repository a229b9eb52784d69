"""Attacks on the machinery between a submission and its mark: messages, time, memory, text that
others read."""

from __future__ import annotations

import re
import threading
from time import monotonic

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from autograder.limits import Limits
from autograder.sandbox.usage import own_memory
from tests.conftest import ROOT
from tests.marking.test_accidents import FULL, without

SHORT = Limits(cell_seconds=5, probe_seconds=5)
# Messages that answer nobody, on the grader's own channels: now and then, or faster than anybody
# reads them.
FLOOD = """
import time, zmq
kernel = get_ipython().kernel
session, ident = kernel.session, kernel._get_shell_context_var(kernel._shell_parent_ident)
first = {'shell': list(ident), 'iopub': [b'status']}['CHANNEL']
thread, sock = {'shell': (kernel.shell_channel_thread, kernel.shell_stream.socket),
                'iopub': (kernel.iopub_thread, kernel.iopub_thread.socket)}['CHANNEL']
message = session.msg('status', content={'execution_state': 'busy'}, parent={'msg_id': 'nobody'})
_, _, *parts = session.serialize(message)
def send():
    count = 0
    while True:
        count += 1  # no two messages may have the same signature
        parts[2] = b'{"n": %d}' % count
        zmq.Socket(shadow=sock.underlying).send_multipart([*first, b'<IDS|MSG>', session.sign(parts), *parts])
        if PAUSE:
            time.sleep(PAUSE)
def flood():
    thread.io_loop.add_callback(send)
    time.sleep(10_000)
"""
IN_A_PROBE = """
import sys
def lazy_directions(X, ws):
    if sys._getframe(1).f_code.co_filename == '<probe>':
        flood()
    return abs((ws[-1] - ws[0]) @ np.linalg.eigh(X @ X.T)[1])
"""


def flooding(channel: str, pause: str, place: str) -> str:
    text = FLOOD.replace("CHANNEL", channel).replace("PAUSE", pause)
    return text + (IN_A_PROBE if place == "probe" else "flood()")


@pytest.mark.parametrize("pause", ["0.02", "0"])
@pytest.mark.parametrize("channel", ["shell", "iopub"])
@pytest.mark.parametrize("place", ["probe", "cell"])
def test_messages_to_nobody_do_not_stop_the_clock(mark_second, channel, pause, place):
    text = flooding(channel, pause, place)
    box = {}
    thread = threading.Thread(
        target=lambda: box.update(found=mark_second({"lazy_directions": text}, limits=SHORT)),
        daemon=True,
    )
    began = monotonic()
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "marking never ended"
    points, result = box["found"]
    assert points == without("lazy_directions"), result.incidents
    assert monotonic() - began < 45


# One message of many parts: each is small enough, and no queue counts them.
PARTS = """
kernel, part = get_ipython().kernel, b'x' * (60 * 2**20)
import zmq
sock = kernel.iopub_thread.socket
def send():
    zmq.Socket(shadow=sock.underlying).send_multipart([b'status'] + [part] * 200, copy=False)
kernel.iopub_thread.io_loop.add_callback(send)
import time
time.sleep(10_000)
"""


def test_a_message_without_end_does_not_fill_the_graders_memory(mark_second):
    most, done = [own_memory()], threading.Event()

    def watch():
        while not done.wait(0.02):
            most.append(own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        # Not SHORT: a slow machine may take longer than that to send what is too much.
        points, result = mark_second({"lazy_directions": PARTS}, limits=Limits(cell_seconds=60))
    finally:
        done.set()
        watcher.join()
    assert points == without("lazy_directions"), result.incidents
    assert any("sent more than the grader can hold" in text for text in result.incidents)
    assert max(most) - most[0] < 5 * 2**30  # of the 12 GiB that were sent


RUDE = "[/]\x1b]0;title\x07\x1b[2J \ud800 $\\href{javascript:alert(1)}{x}$ <b>\u202e\nnext line"


def test_what_an_exception_says_stays_words(mark_second, tmp_path):
    """It goes into verdicts, which are printed, stored, written as UTF-8 and typeset in the
    instructor's browser."""
    from rich.console import Console

    from autograder.marking.result import Result, Status
    from autograder.marking.store import dumps, loads
    from autograder.reports.table import class_table, print_result

    raising = (
        f"def lazy_directions(X, ws):\n    raise type('Rude[/]', (Exception,), {{}})({RUDE!r})"
    )
    points, marked = mark_second({"lazy_directions": raising})
    assert points == without("lazy_directions")
    [verdict] = [e.verdict for e in marked.exercises if e.id == "lazy_directions"]
    for criterion in verdict.criteria:
        assert "next line" in criterion.message
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202e]|\\href", criterion.message)
    nbformat.write(marked.notebook, tmp_path / "marked.ipynb")
    result = Result("tp5-ntk", Status.GRADED, 9, [marked], [RUDE])
    stored = loads(dumps(result)).notebooks[0].exercises
    assert [e.points for e in stored] == [e.points for e in marked.exercises]
    with Console(file=open(tmp_path / "out.txt", "w"), width=200) as console:
        print_result(result, console)
    exam = type("Exam", (), {"notebooks": (), "max_points": 0})
    console.print(class_table(exam, {RUDE: {"points": {}, "seconds": 1}}))
    console.file.close()
    text = (tmp_path / "out.txt").read_text()
    assert "[/]" in text and "\x1b" not in text and "\x07" not in text


def test_a_huge_number_is_a_wrong_number():
    from tests.helpers.lab import run_check

    class Huge:
        def run(self, probe, *, returns, **inputs):
            return dict.fromkeys(returns, np.array(1e308))

    assert run_check("gen_bound", Huge(), 1).points == 0


def test_slow_answers_share_one_limit(mark_second):
    """Each answer is within its own limit; all together they may not take the time of the other
    exercises."""
    slow = (
        "import time\ndef gradient_descent(X, Y, w0, eta, T):\n    time.sleep(2.5 * (len(w0) > 12))"
    )
    limits = Limits(cell_seconds=8, probe_seconds=4, exercise_seconds=6)
    points, result = mark_second({"gradient_descent": slow}, limits=limits)
    assert points == without("gradient_descent")
    assert result.timings["probes"] < 6 + 4


def test_a_replay_ends_with_the_notebooks_time(mark_second):
    """Many small cells, each within its limit, run again after the last of them ended the
    kernel."""
    limits = Limits(cell_seconds=5, probe_seconds=5, notebook_seconds=14)
    slow = [new_code_cell(f"import time; time.sleep(0.25)  # {n}") for n in range(30)]
    _, result = mark_second(
        change=lambda nb: nb.cells.extend(
            [*slow, new_code_cell("import os; os._exit(0)"), new_code_cell("1")]
        ),
        limits=limits,
    )
    assert result.seconds < 14 + 5


def test_many_full_cells_do_not_fill_the_result(mark_second):
    loud = [new_code_cell(f"print('x' * 1_900_000)  # {n}") for n in range(40)]
    points, result = mark_second(change=lambda nb: nb.cells.extend(loud))
    assert points == FULL
    assert len(nbformat.writes(result.notebook)) < 20 * 2**20
    assert any("room" in text for text in result.incidents)


@pytest.mark.parametrize(
    "source",
    [
        "[look](evil.html)",
        "[look](..%2f..%2fsubmitted%2fme%2fevil.html)",
        "[look](/lab)",
        "[look](//evil)",
        "[look](<a.html>)",
        "[look](https:evil.html)",
        "[look](HTTP:/evil)",
        "[look](\n a.html)",
        "[look][a]\n\n[a]: evil.html",
        "[a]\n\n[a]:\n  <evil.html>",
        "![look](evil.svg)",
        "[look](\\evil.html)",
        "[look](&#101;vil.html)",
        "[look]( 'title')",
        "[a[b]](evil.html)",
        "[look](?x)",
    ],
)
def test_a_students_link_does_not_lead_into_the_instructors_server(source):
    """The formgrader serves whatever file lies in the course, a student's pages included, as a page
    of its own."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    from autograder.clean.markdown import clean_markdown

    assert (
        "look" not in source
        or "href" in markdown2html_mistune(source)
        or "src" in markdown2html_mistune(source)
    )
    page = markdown2html_mistune(clean_markdown(source))
    assert "href" not in page and "src" not in page, page
    outward = markdown2html_mistune(
        clean_markdown("[a](https://arxiv.org/abs/1) [b](#here) [c](mailto:a@b.org)")
    )
    assert outward.count("href") == 3


def test_a_small_file_cannot_take_minutes_to_read():
    from autograder.submission.read import parse

    outputs = ", ".join(["{}"] * 100_000)
    cell = (
        f'{{"cell_type": "code", "id": "a", "metadata": {{}}, "source": "1", "outputs": '
        f"[{outputs}]}}"
    )
    began = monotonic()
    for major, body in ((4, f'"cells": [{cell}]'), (3, f'"worksheets": [{{"cells": [{cell}]}}]')):
        parse(f'{{"nbformat": {major}, "nbformat_minor": 0, "metadata": {{}}, {body}}}'.encode())
    assert monotonic() - began < 10


def test_names_of_builtins_in_the_students_cells_cost_nothing(mark_second):
    """`sum = 0` and `list = []` are how beginners write; their own functions do not use these
    names."""
    from autograder.door.student import InProcessStudent
    from tests.helpers.lab import run_check

    shadow = "int = 3\nsum = max = len = 0\nlist = []\nzip = range = isinstance = getattr = None\n"
    namespace = {"__name__": "__main__"}
    exec((ROOT / "tests" / "answers" / "mlp" / "right-reference.py").read_text(), namespace)
    exec(shadow, namespace)
    verdict = run_check("mlp", InProcessStudent(namespace), 1)
    assert verdict.points == verdict.max_points, str(verdict)
    late = new_code_cell(shadow)
    points, _ = mark_second(change=lambda nb: nb.cells.insert(-2, late))
    assert points == FULL


def test_a_cell_that_asks_for_input_does_not_wait(mark_second):
    points, result = mark_second(
        {"lazy_directions": "name = input('Your name?')"}, limits=Limits(cell_seconds=60)
    )
    assert points == without("lazy_directions")
    assert result.timings["solution cells"] < 20


def test_a_folder_with_the_notebooks_name_counts_as_empty(tmp_path):
    """It must not end the marking of the class."""
    from autograder.submission.read import parse, read_bytes

    (tmp_path / "1-light.ipynb").mkdir()
    assert read_bytes(tmp_path / "1-light.ipynb", tmp_path) is None
    assert parse(None).incidents


@pytest.mark.parametrize("text", ["exit()", "quit()", "exit"])
def test_leaving_the_kernel_costs_nothing(mark_second, text):
    """IPython's `exit` ends a kernel a moment later, while something else runs that is not to
    blame."""
    points, result = mark_second(change=lambda nb: nb.cells.insert(-4, new_code_cell(text)))
    assert points == FULL
    assert result.incidents == []
