"""What a student's account and its token must not get, tried for real: homes, tokens, the course,
the exchange.

The third student is the one who tries.
"""

from __future__ import annotations

import json
import pwd
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import command_of, environment_of
from nbformat.v4 import new_code_cell
from people import Student
from work import hostile_code

from demo.submissions import fill, read_notebooks
from hub.accounts import processes_of
from hub.places import GRADER
from tests.conftest import ASSIGNMENT, FIRST

PRIVATE = "JUPYTERHUB_API_TOKEN"


@pytest.fixture(scope="module")
def released(hub):
    """The release in the exchange; made here when no test has made it before."""
    folder = hub.places.exchange / "ntk" / "outbound" / ASSIGNMENT
    if not folder.is_dir():
        hub.in_course(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"])
        hub.in_course(["nbgrader", "release_assignment", ASSIGNMENT])
    return read_notebooks(folder)


@pytest.fixture(scope="module")
def servers(hub, browser, pictures):
    """Servers of the first student and of the one who tries; {user: token}."""
    tokens = {}
    for user in (hub.students[0], hub.students[2]):
        student = Student(browser, hub.address, user, hub.passwords[user], pictures)
        student.start()
        student.leave()
        tokens[user] = environment_of(user, "singleuser")[PRIVATE]
    return tokens


@pytest.fixture(scope="module")
def thief(hub):
    return hub.students[2]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        # a redirect is then an HTTPError: the way to the login page opens nothing by itself
        return None


def status(url: str, token: str | None = None) -> int:
    request = urllib.request.Request(
        url, headers={"Authorization": f"token {token}"} if token else {}
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        refused = error
    if refused.code == 302:
        where = refused.headers["Location"]
        assert urlsplit(where).path.startswith("/hub/"), where
    return refused.code


def test_files_of_others_are_closed(hub, servers, thief, released):
    places, one = hub.places, hub.students[0]
    inbound = hub.hand_in(one, lambda folder: (folder / "secret.txt").write_text("mine"))
    closed = [
        places.home(one),
        places.home(GRADER),
        places.course / "source",
        places.course / "gradebook.db",
    ]
    closed += [
        places.run / one,
        places.run / GRADER,
        places.hub,
        places.journal,
        places.hub / "settings.json",
    ]
    closed += [
        places.exchange / "ntk" / "inbound",
        places.exchange / "ntk" / "feedback",
        places.course_env,
    ]
    for path in closed:
        run = hub.run(thief, ["ls", path] if path.is_dir() else ["cat", path], check=False)
        assert run.returncode != 0 and "Permission denied" in run.stderr, path
    own = places.exchange / "ntk" / "inbound" / f"{one}+by-nbgrader"
    for folder in (inbound, own):
        assert folder.name not in hub.run(thief, ["ls", folder.parent], check=False).stdout
    for folder in ("outbound", "feedback", "."):
        target = places.exchange / "ntk" / folder / "mine"
        run = hub.run(thief, ["mkdir", target], check=False)
        assert run.returncode != 0 and not target.exists(), target
    for path in (
        places.environments / "x",
        places.student / "bin" / "x",
        places.etc / "everyone" / "x",
    ):
        assert hub.run(thief, ["touch", path], check=False).returncode != 0, path


def test_nobody_but_root_opens_a_course(hub, servers, thief):
    run = hub.run(thief, ["mkdir", hub.places.exchange / "mine"], check=False)
    assert run.returncode != 0 and not (hub.places.exchange / "mine").exists()


def test_a_submission_by_nbgrader_is_closed_to_others(hub, servers, thief, released):
    one = hub.students[0]
    variables = environment_of(one, "singleuser")
    here = ["env", "-C", hub.places.home(one), "nbgrader"]
    if not (hub.places.home(one) / "ntk" / ASSIGNMENT).is_dir():
        hub.run(one, [*here, "fetch_assignment", ASSIGNMENT, "--course", "ntk"], **variables)
    hub.run(one, [*here, "submit", ASSIGNMENT, "--course", "ntk"], **variables)
    inbound = hub.places.exchange / "ntk" / "inbound"
    newest = max(inbound.glob(f"{one}+{ASSIGNMENT}+*"), key=lambda path: path.stat().st_mtime)
    for path in (newest, newest / f"{FIRST}.ipynb", newest / "submission_secret.txt"):
        assert hub.run(thief, ["cat", path], check=False).returncode != 0
        assert hub.run(thief, ["sh", "-c", f"echo x >> '{path}'"], check=False).returncode != 0
        hub.run(GRADER, ["ls" if path.is_dir() else "cat", path])


def test_the_grader_is_not_there_for_students(hub, thief):
    python = hub.places.student / "bin" / "python"
    run = hub.run(thief, [python, "-c", "import autograder"], check=False)
    assert "No module named 'autograder'" in run.stderr
    run = hub.run(thief, [python, "-c", "import ntk_helpers, torch; print(ntk_helpers.__file__)"])
    assert run.stdout.startswith(str(hub.places.student))
    for path in (hub.places.course_env / "bin" / "python", hub.places.course_env / "bin" / "ntk"):
        assert (
            "Permission denied" in hub.run(thief, ["sh", "-c", f"'{path}' -V"], check=False).stderr
        )


def test_processes_and_ports_of_others_are_closed(hub, servers, thief):
    one = hub.students[0]
    for user, word in ((one, "singleuser"), (GRADER, "singleuser")):
        pid = next(p for p in processes_of(pwd.getpwnam(user).pw_uid) if word in command_of(p))
        run = hub.run(thief, ["cat", f"/proc/{pid}/environ"], check=False)
        assert "Permission denied" in run.stderr and PRIVATE not in run.stdout


def test_a_token_opens_nothing_of_others(hub, servers, thief):
    one, own = hub.students[0], servers[thief]
    address = hub.address
    assert status(f"{address}/user/{thief}/api/contents/", own) == 200
    refused = [f"{address}/user/{one}/api/contents/", f"{address}/user/{one}/api/kernels"]
    refused += [
        f"{address}/services/ntk/formgrader/api/assignments",
        f"{address}/services/ntk/api/contents/",
    ]
    refused += [
        f"{address}/hub/api/users",
        f"{address}/hub/api/users/{one}",
        f"{address}/hub/api/proxy",
    ]
    refused += [f"{address}/hub/api/groups/nbgrader-ntk", f"{address}/hub/api/users/{one}/tokens"]
    settings = json.loads((hub.places.hub / "settings.json").read_text())
    refused += [f"http://127.0.0.1:{settings['proxy_port']}/api/routes"]
    for url in refused:
        assert status(url, own) in (401, 403, 404), url
        assert status(url) in (302, 401, 403, 404), url


def test_pages_of_the_course_are_closed_to_a_student(hub, browser, pictures, thief):
    student = Student(browser, hub.address, thief, hub.passwords[thief], pictures)
    student.log_in("/hub/home")
    student.page.wait_for_url("**/hub/home")
    for path in ("/services/ntk/formgrader/manage_assignments", "/services/ntk/lab", "/hub/admin"):
        answer = student.page.goto(hub.address + path)
        assert answer.status in (403, 404), path
    student.leave()


def test_nobody_hands_in_for_another(hub, servers, thief, released):
    """A forged copy with a later date, in a name that had none before, links to the masters, a name
    that is none."""
    one, two, _ = hub.students
    honest = hub.hand_in(one, lambda folder: (folder / "mine.txt").write_text("mine"), hours=1)
    before = collected(hub, two)
    for victim in (one, two):
        hub.hand_in(
            thief, lambda folder: (folder / "mine.txt").write_text("forged"), claims=victim, hours=5
        )
    master = hub.places.course / "source" / ASSIGNMENT / f"{FIRST}.ipynb"

    def links(folder: Path) -> None:
        (folder / f"{FIRST}.ipynb").symlink_to(master)
        (folder / "more").symlink_to(hub.places.course)
        (folder / "own.txt").write_text("own")

    hub.hand_in(thief, links, hours=2)
    inbound = hub.places.exchange / "ntk" / "inbound"
    hub.run(thief, ["mkdir", inbound / f"{one}+{ASSIGNMENT}+no date+x"])
    hub.run(
        thief, ["ln", "-s", honest, inbound / f"{two}+{ASSIGNMENT}+2031-01-01 00:00:00.0 UTC+x"]
    )
    run = hub.in_course(["nbgrader", "collect", ASSIGNMENT, "--update"])
    for victim in (one, two):  # whether or not they have handed in themselves
        assert f"is not of {victim}'s account" in run.stderr
    submitted = hub.places.course / "submitted"
    assert (submitted / one / ASSIGNMENT / "mine.txt").read_text() == "mine"
    assert collected(hub, two) == before
    own = submitted / thief / ASSIGNMENT
    assert (own / "own.txt").read_text() == "own"
    assert not (own / f"{FIRST}.ipynb").exists() and not (own / "more").exists()


def collected(hub, student: str) -> dict[str, bytes]:
    folder = hub.places.course / "submitted" / student / ASSIGNMENT
    return {path.name: path.read_bytes() for path in folder.glob("*")}


def test_student_code_is_alone_while_it_is_marked(hub, thief, released):
    """Marked in the course service's own environment: no token, no gradebook, no network, no other
    submission."""
    settings = json.loads((hub.places.hub / "settings.json").read_text())
    code = hostile_code(
        paths=[
            hub.places.course,
            hub.places.course / "gradebook.db",
            hub.places.exchange,
            hub.places.homes,
        ],
        ports=[int(hub.address.rsplit(":", 1)[1]), settings["hub_port"], settings["proxy_port"]],
    )
    notebooks = fill({FIRST: released[FIRST]}, {})
    notebooks[FIRST].cells.insert(4, new_code_cell(code))
    name = f"{FIRST}.ipynb"
    hub.hand_in(thief, lambda folder: nbformat.write(notebooks[FIRST], folder / name), hours=6)
    hub.in_course(["nbgrader", "collect", ASSIGNMENT, "--update", "--student", thief])
    assert environment_of(GRADER, "singleuser")[PRIVATE] in hub.service_environment().values()
    hub.in_course(["ntk", "grade", ASSIGNMENT, "--student", thief, "--force"])
    marked = nbformat.read(
        hub.places.course / "autograded" / thief / ASSIGNMENT / name, as_version=4
    )
    said = "".join(o.get("text", "") for cell in marked.cells for o in cell.get("outputs", []))
    found = json.loads(said.split("FOUND ", 1)[1].splitlines()[0])
    assert found == {"variables": [], "paths": [], "ports": [], "autograder": False}, found
