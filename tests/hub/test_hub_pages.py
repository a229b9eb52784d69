"""The hub serves the labs as web pages to its students, beside JupyterLab, and nothing else
besides."""

from __future__ import annotations

import http.client
import pwd
from urllib.parse import urlsplit

import pytest
from people import MENU, Student

from hub.accounts import processes_of
from hub.environments import build
from tests.hub.conftest import command_of, environment_of


def ask(hub, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, body and place of a request with exactly this path."""
    connection = http.client.HTTPConnection(urlsplit(hub.address).netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.read().decode(), response.getheader("Location", "")


def test_anybody_reads_the_pages(hub):
    status, body, _ = ask(hub, "/services/pages/")
    assert status == 200 and "When is a neural network a kernel?" in body
    status, body, _ = ask(hub, "/services/pages/tp5-ntk/1-neural-tangent-kernel.html")
    assert status == 200 and "exercise-ntk-kernel" in body
    status, _, place = ask(hub, "/services/pages")
    assert status in (301, 302) and place.endswith("/services/pages/")


@pytest.mark.parametrize(
    "rest", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "//etc/passwd", "%00"]
)
def test_and_nothing_outside_of_their_folder(hub, rest):
    status, body, _ = ask(hub, f"/services/pages/{rest}")
    assert status >= 400 and "root:" not in body


def test_the_service_has_no_rights(hub):
    """It runs as nobody, and its token opens nothing."""
    running = [
        p for p in processes_of(pwd.getpwnam("nobody").pw_uid) if "ntk_pages" in command_of(p)
    ]
    assert len(running) == 1
    token = environment_of("nobody", "ntk_pages")["JUPYTERHUB_API_TOKEN"]
    for path in ("users", "groups", "services/ntk", f"users/{hub.students[0]}", "proxy"):
        status, body, _ = ask(hub, f"/hub/api/{path}", Authorization=f"token {token}")
        assert status in (403, 404), (path, body)


def test_a_student_opens_them_from_jupyterlab(hub, browser, pictures):
    name = hub.students[0]
    student = Student(browser, hub.address, name, hub.passwords[name], pictures)
    lost = []  # of the pages; JupyterLab opens again what this student had open, and asks elsewhere
    student.page.context.on("requestfailed", lambda r: lost.append(r.url))
    student.start()
    student.page.click(MENU.format("Help"))
    with student.page.context.expect_page() as opened:
        student.page.click('.lm-Menu-itemLabel:text-is("Lab Pages")')
    pages = opened.value
    pages.wait_for_url("**/services/pages/**")
    assert "Neural Tangent Kernel" in pages.title()
    pages.get_by_role("link", name="Exercise 4", exact=False).first.click()
    pages.wait_for_url("**#exercise-ntk-kernel")
    student.picture("pages", pages)
    assert [address for address in lost if "/services/pages/" in address] == []
    student.leave()


def test_they_are_made_once(places):
    said = []
    build(places, said.append)
    assert said == []
