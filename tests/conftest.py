"""What the tests share: a course of its own in a temporary folder, the masters, filled
submissions."""

from __future__ import annotations

import copy
import faulthandler
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
# Other people's commands, which the tests start by the dozen, and pytest's workers start sooner.
STARTUP = str(ROOT / "tests" / "helpers" / "startup")
_paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
os.environ["PYTHONPATH"] = os.pathsep.join(
    [STARTUP, *(p for p in _paths if p not in ("", STARTUP))]
)
ASSIGNMENT = "tp5-ntk"
# In CI the same examples every time: a change is judged by its own merits. At home new ones are
# looked for.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("home", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")
# A command's prefix: it runs on a machine where bubblewrap is not installed (another bubblewrap
# hides it).
BWRAP = shutil.which("bwrap") or "/usr/bin/bwrap"
WITHOUT_BWRAP = [
    BWRAP,
    "--dev-bind",
    "/",
    "/",
    "--ro-bind",
    "/dev/null",
    os.path.realpath(BWRAP),
    "--",
]
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
FIRST, SECOND = "1-neural-tangent-kernel", "2-overparameterized-linear-regression"


# What starts kernels, commands, a browser, a database or a hub, or marks by the hundred: seconds each,
# not milliseconds.
SLOW = {
    *("audit", "classroom", "crosscheck", "gradebook", "hub", "marking", "notebooks", "plugins"),
    *("sandbox", "site", "test_clean_browser.py", "test_extending.py", "test_release.py"),
    *("test_explain.py", "test_notebook.py", "test_packages.py", "test_sliders_browser.py"),
    "test_check_properties.py",
}
QUICK = {
    *("test_needs.py", "test_collect.py", "test_collect_hostile.py", "test_collect_lists.py"),
    *("test_watch_draws.py", "test_student_page.py", "test_watch_exchange.py", "test_boxes.py"),
}

# Tests of one file share what they have made, and run on one core, in their order. So do the tests
# of these files together: each answer is marked once, and there is one hub.
TOGETHER = {
    "hub/": "the hub",
    "audit/test_audit.py": "the answers",
    "lab/test_checks.py": "the answers",
    "lab/test_mistakes.py": "the answers",
}
# What takes longest begins first: at the end no core waits. (The hub is started without a watcher
# and with one: twice, if those who want the same come together, after those who want none.)
FIRST_OF_ALL = (
    "hub/test_accounts.py",
    "hub/test_hub_watch.py",
    "hub/",
    "audit/test_audit.py",
    "lab/",
    "classroom/test_grade_crash.py",
    "authoring/",
    "marking/",
    "classroom/",
    "sandbox/",
    "plugins/",
)


def place(nodeid: str) -> str:
    """The file of a test, from tests/ on."""
    return nodeid.partition("::")[0].removeprefix("tests/")


def turn(nodeid: str) -> int:
    """Tests with a smaller number begin earlier."""
    file = place(nodeid)
    return next((i for i, head in enumerate(FIRST_OF_ALL) if file.startswith(head)), 99)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = place(nodeid)
            return next((name for head, name in TOGETHER.items() if file.startswith(head)), file)

    return Together(config, log)


def slow_file(path: Path) -> bool:
    """Whether all tests of a file are slow."""
    places = set(path.relative_to(ROOT / "tests").parts)
    return bool(SLOW & places) and not QUICK & places


def pytest_ignore_collect(collection_path, config):
    """The quick tests begin sooner where files without any are not read."""
    if config.option.markexpr == "not slow" and collection_path.suffix == ".py":
        return slow_file(collection_path) or None
    return None


def pytest_collection_modifyitems(items):
    """Marks the slow tests, and puts the longest in front. In CI a skipped test is a failure: a
    skip must never hide that something was not installed."""
    items.sort(key=lambda item: turn(item.nodeid))
    for item in items:
        if slow_file(item.path) or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
        if "alone" in getattr(item, "fixturenames", ()):  # whoever comes first installs it
            item.add_marker(pytest.mark.timeout(1800))
    if os.environ.get("CI"):
        for item in items:
            for mark in item.iter_markers("skipif"):
                if mark.args and mark.args[0] and "hardware" not in mark.kwargs.get("reason", ""):
                    raise pytest.UsageError(
                        f"{item.nodeid} would be skipped in CI: {mark.kwargs.get('reason')}"
                    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if os.environ.get("CI") and skipped and "hardware" not in str(report.longrepr):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"


def pytest_sessionfinish():
    """A test that failed can leave a socket open on which Python waits for ever when it ends, after
    the verdicts are out: the process is ended, and says where it stood."""
    faulthandler.dump_traceback_later(120, exit=True, file=sys.__stderr__)


@pytest.fixture(scope="session", autouse=True)
def revision_asked_once():
    """nbgrader starts alembic (two seconds) for each new gradebook, to be told the same
    revision."""
    from autograder.revision import ask_here

    ask_here()


@pytest.fixture(scope="module")
def workers():
    """A Dask cluster that the commands of a module mark on one after the other, as the arguments
    that name it. Workers of its own cost each command more than the marking."""
    import dask
    from distributed import LocalCluster

    quiet = {
        "distributed.worker.profile.enabled": False,
        "distributed.admin.tick.interval": "1s",  # else it is busy with watching itself
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with (
        dask.config.set(quiet),
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
            scheduler_kwargs={"dashboard": False},
        ) as made,
    ):
        yield "--scheduler", made.scheduler_address


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium. No longer than a module: Playwright runs an event loop in this thread, and
    no other can run there meanwhile."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "Debian's Chromium is missing: apt-get install chromium (make test does it)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()


def make_course(folder: Path, extra: str = "") -> Path:
    """A course folder with this project's configuration and masters."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text(
        (ROOT / "nbgrader_config.py").read_text() + "\n" + extra
    )
    shutil.copytree(ROOT / "source", folder / "source")
    return folder


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """The Python of an environment that has the grader and what it depends on, and no PyTorch."""
    from tests.helpers.alone import make_alone

    own = tmp_path_factory.getbasetemp()
    return make_alone(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course in a temporary folder, with its release generated."""
    from autograder.authoring.generate import generate
    from autograder.course import Course

    course = Course(make_course(tmp_path_factory.mktemp("course")))
    generate(course, ASSIGNMENT)
    return course


@pytest.fixture(scope="session")
def exam():
    from autograder.course import Course

    return Course(ROOT).exam(ASSIGNMENT)


@pytest.fixture(scope="session")
def released():
    """The notebooks that students get; a test sees to it that they are current."""
    from demo.submissions import read_notebooks

    return read_notebooks(ROOT / "release" / ASSIGNMENT)


@pytest.fixture(scope="session")
def solved():
    """{exercise: the master's answer}."""
    from demo.submissions import read_notebooks, solutions

    return solutions(read_notebooks(ROOT / "source" / ASSIGNMENT))


# What the locked cells of notebook 2 are replaced by where its figures are not the point: they cost
# more than all the rest of a marking.
PLAIN = {
    "helpers": (
        "from types import SimpleNamespace\n\nfrom ntk_helpers.checkpoints import checkpoint\n\n"
        "names = 'before_and_after spectrum descent movement to_the_limit moves_by_size plane'.split()\n"
        "plots = SimpleNamespace(**dict.fromkeys(names, lambda *given, **options: None))\n"
        "sliders = plots"
    ),
    "problem": ("p = 1000", "p = 200"),
}


def plain(notebook):
    """A copy of notebook 2, master or release, without figures and with fewer weights."""
    notebook = copy.deepcopy(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    assert "regression_plots as plots" in cells["helpers"].source
    cells["helpers"].source = PLAIN["helpers"]
    old, new = PLAIN["problem"]
    assert old in cells["problem"].source
    cells["problem"].source = cells["problem"].source.replace(old, new)
    return notebook


@pytest.fixture(scope="session")
def plain_second(exam, released):
    """(exam, release) of notebook 2 alone, without its figures."""
    import nbformat

    master = exam.notebook(SECOND)
    text = nbformat.writes(plain(master.fresh()))
    alone = replace(exam.only({SECOND}), notebooks=(replace(master, text=text),))
    return alone, {SECOND: plain(released[SECOND])}


@pytest.fixture
def mark_second(plain_second, solved):
    """Mark notebook 2, without its figures (see `marking_of`)."""
    return marking_of(*plain_second, solved, seconds=5)


def marking_of(exam, released, solved, seconds):
    """A function that marks notebook 2 (seconds, not half a minute) with some answers replaced, or
    any notebook given as bytes; seconds: the limit of a cell, and of a probe.

    Returns {exercise: points}, the NotebookResult.
    """
    import nbformat

    from autograder.limits import Limits
    from autograder.marking.mark import mark_notebook
    from demo.submissions import fill
    from tests.helpers.lab import terms

    def run(answers=None, *, data=None, change=None, limits=None, sandbox="bwrap", seed=None):
        if data is None:
            only = {SECOND: released[SECOND]}
            ids = {
                cell.metadata.get("nbgrader", {}).get("grade_id") for cell in released[SECOND].cells
            }
            chosen = {k: v for k, v in solved.items() if k in ids} | (answers or {})
            notebook = fill(only, chosen)[SECOND]
            if change:
                change(notebook)
            data = nbformat.writes(notebook).encode()
        limits = limits or Limits(cell_seconds=seconds, probe_seconds=seconds)
        result = mark_notebook(exam, SECOND, data, terms(limits, sandbox), seed)
        return {e.id: e.points for e in result.exercises if not e.manual}, result

    return run
