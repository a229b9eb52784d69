"""One day of the course, driven as people would: release, work, hand in, collect, mark, feedback.

The acts share one hub and one gradebook, so they are one test; its parts say what they need.
"""

from __future__ import annotations

import functools
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from people import POLL, Instructor, Student
from playwright.sync_api import Frame
from work import half_answers, hostile, right_answers, write_into

from demo.submissions import read_notebooks
from tests.conftest import ASSIGNMENT, FIRST, SECOND

EVIL = "evil.test"
READABLE = 4.5  # contrast of text and background, WCAG 2.2 level AA
SERVER_MIB, KERNEL_MIB = 200, 1600
HOOKS = "window.hits = []; window.hit = name => { window.top.hits.push(name); };"
COMMENT = "Clear, and nearly complete."
CLICK_WHAT_WAS_SUBMITTED = """() => {
    addEventListener('click', event => {  // only what would run here may go on: others leave the page, or the browser
        const link = event.target.closest('a, area');
        if (link && !/^(javascript|data|blob|vbscript):$/.test(link.protocol)) event.preventDefault();
    }, true);
    for (const element of document.querySelectorAll('#notebook-container .rendered_html *, .output *'))
        if (element.matches('a, area, summary, [onclick]')) element.click ? element.click() : 0;
}"""
# WCAG's contrast ratio of each cell's text and the first background below it that is not
# transparent.
CONTRASTS = """() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const below = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = numbers(getComputedStyle(e).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('.jp-OutputArea table:has(caption) :is(th, td, caption)')].map(cell => {
        const pair = [light(numbers(getComputedStyle(cell).color)), light(below(cell))].sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);
    });
}"""


@pytest.fixture(scope="module")
def people(hub, browser, pictures):
    one, two, _ = hub.students
    made = [
        Instructor(browser, hub.address, hub.instructor, hub.passwords[hub.instructor], pictures),
        Student(browser, hub.address, one, hub.passwords[one], pictures),
        Student(browser, hub.address, two, hub.passwords[two], pictures),
    ]
    yield made
    for person in made:
        person.leave()


def test_a_day_of_the_course(hub, people):
    try:
        day(hub, *people)
    except BaseException:
        for person in people:
            print(*person.troubles, sep="\n")
            person.picture(f"failed-{person.user}")
        print(hub.places.log.read_text()[-20_000:])
        raise


def day(hub, instructor: Instructor, one: Student, two: Student) -> None:
    release(instructor)
    released = read_notebooks(hub.places.exchange / "ntk" / "outbound" / ASSIGNMENT)
    servers = work(hub, one, two, released)
    hand_in_hostile(hub, released)
    mark(hub, instructor)
    by_hand(hub, instructor)
    feedback(instructor, one, two)
    in_the_dark(instructor, two)
    assert {user: hub.server(user) for user in servers} == servers, "a server was started anew"


def release(instructor: Instructor) -> None:
    """Act 1: the instructor logs in, generates and releases."""
    instructor.log_in("/services/ntk/formgrader/manage_assignments")
    assert "Successfully created" in instructor.press("assign")
    assert "Successfully released" in instructor.press("release")
    instructor.page.wait_for_selector('.status .label:text-is("released")')
    instructor.picture("1-released")


def work(hub, one: Student, two: Student, released) -> dict[str, int]:
    """Act 2: one does everything right, the other half of it with the document's kernel; both at
    the same time. Returns their servers."""
    for student in (one, two):
        student.start()
        if student is one:
            assert hub.memory(one.user, "singleuser") < SERVER_MIB
            one.page.wait_for_selector("#released_assignments_list > .list_item button")
            one.page.wait_for_selector("#jupyterlab-splash", state="detached")
            one.picture("2-assignments")
        student.fetch()
        student.picture(f"2-fetched-{student.user}")
        student.open_notebook(FIRST, released[FIRST])
    servers = {student.user: hub.server(student.user) for student in (one, two)}
    for student, answers in ((one, right_answers()), (two, half_answers())):
        student.write(answers)
        student.run_all()
    assert one.await_run() == []
    assert two.await_run(), "the checkpoint of the kernel did not stop the run"
    seen(hub, one, two)
    for student in (one, two):
        student.validate()
    fine, says = one.verdict()
    assert fine, says
    one.close_dialog()
    fine, says = two.verdict()
    two.picture("2-validate")
    assert not fine and 'checkpoint("ntk_kernel"' in says
    assert 'checkpoint("mlp"' not in says and 'checkpoint("predict"' not in says
    assert "expected: 1.592 as k(x, x') for orthogonal" in says and "look at:" in says
    two.close_dialog()
    second_notebook(one, released)
    for student in (one, two):
        student.show_assignments()
        student.submit()
    two.picture("2-submitted")
    return servers


def seen(hub, one: Student, two: Student) -> None:
    """Figures with a description, a progress bar, friendly checkpoints, and a kernel of bounded
    size."""
    assert one.pictures_without_description() == []
    assert one.count("img") >= 12
    assert one.count(".jp-OutputArea .widget-html, .jp-OutputArea .jupyter-widgets") >= 1, (
        "no progress bar"
    )
    assert hub.memory(one.user, "ipykernel_launcher") < KERNEL_MIB
    one.show("loss-curve")
    one.picture("2-figure")
    assert "Traceback" not in one.show("checkpoint_ntk_kernel").inner_text()
    one.picture("2-checkpoint-right")
    two.show("checkpoint_ntk_kernel")
    two.picture("2-checkpoint-wrong")


def second_notebook(one: Student, released) -> None:
    one.show_assignments()
    one.open_notebook(SECOND, released[SECOND])
    one.write(right_answers())
    one.run_all()
    assert one.await_run() == []
    assert one.pictures_without_description() == []
    one.save()


def hand_in_hostile(hub, released) -> None:
    """The third student's account puts its work into the exchange by hand."""
    hub.hand_in(hub.students[2], lambda folder: write_into(folder, hostile(released)))


def mark(hub, instructor: Instructor) -> None:
    """Act 3: collect and autograde in the formgrader, while `ntk score` marks the same files in a
    terminal."""
    watch(instructor)
    instructor.formgrader()
    said = instructor.press("collect")
    assert all(f"Collecting submission: {student}" in said for student in hub.students)
    instructor.formgrader(f"manage_submissions/{ASSIGNMENT}/")
    instructor.page.wait_for_selector(".autograde a")
    for row in range(3):
        instructor.press("autograde", row)
    instructor.page.wait_for_function(
        "() => !document.querySelector('.status').textContent.includes('autograding')",
        polling=POLL,
    )
    instructor.picture("3-autograded")
    one, two, three = hub.students
    with ThreadPoolExecutor(2) as pool:  # two cores
        scores = dict(
            zip((one, two), pool.map(functools.partial(score, hub), (one, two)), strict=True)
        )
    for student, found in scores.items():
        for notebook in found["notebooks"]:
            shown = instructor.points_shown(student, notebook["name"])
            for exercise in notebook["exercises"]:
                if not exercise["manual"]:
                    id = exercise["id"]
                    assert shown[id if id in shown else f"test_{id}"] == exercise["points"], (
                        student,
                        id,
                    )
    assert scores[one]["points"] == 31 and 10 < scores[two]["points"] < 15
    assert sum(instructor.points_shown(three, FIRST).values()) == 0
    nothing_active(instructor)
    grade = hub.in_course(["ntk", "grade", ASSIGNMENT, "--student", three, "--json"])
    assert json.loads(grade.stdout), grade.stderr
    # The formgrader stayed open meanwhile, and goes on.
    assert sum(instructor.points_shown(three, SECOND).values()) == 0
    nothing_active(instructor)


def score(hub, student: str) -> dict:
    run = hub.in_course(["ntk", "score", f"submitted/{student}/{ASSIGNMENT}", "--json"])
    return json.loads(run.stdout)


def watch(instructor: Instructor) -> None:
    """From now on each page of the instructor notes what a submission runs or asks for."""
    instructor.context.add_init_script(HOOKS)
    instructor.asked = []
    instructor.context.on("request", lambda request: instructor.asked.append(request.url))


def nothing_active(instructor: Instructor) -> None:
    """The page on the screen has run nothing of the submission, also after its links were
    clicked."""
    page = instructor.page
    page.evaluate(CLICK_WHAT_WAS_SUBMITTED)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.hits") == []
    assert not [url for url in instructor.asked if EVIL in url]
    instructor.picture("3-hostile")


def by_hand(hub, instructor: Instructor) -> None:
    """The free texts, with the mark scheme in view."""
    one = hub.students[0]
    for notebook, grade_id, points in ((FIRST, "discussion", 3.5), (SECOND, "why_lazy", 2)):
        instructor.open_submission(one, notebook)
        instructor.page.locator(f"#{grade_id}").scroll_into_view_if_needed()
        assert instructor.page.get_by_text("MARK SCHEME").first.is_visible()
        instructor.give_marks(grade_id, points, COMMENT)
        instructor.picture(f"3-by-hand-{grade_id}")
        assert instructor.points_shown(one, notebook)[grade_id] == points


def feedback(instructor: Instructor, one: Student, two: Student) -> None:
    """Feedback is generated and released; each student fetches it and sees tables, and no hidden
    test."""
    instructor.formgrader()
    assert "Successfully generated" in instructor.press("generate-feedback")
    assert "Successfully released" in instructor.press("release-feedback")
    for student, kernel, total in ((one, "5 of 5", "25.5"), (two, "0.5 of 5", None)):
        student.show_assignments()
        student.fetch_feedback()
        page = student.view_feedback(FIRST)
        page.wait_for_selector("caption")
        text = page.inner_text("body")
        assert f"ntk_kernel: {kernel} points" in text
        assert total is None or f"{total} / 26" in text or f"{total}/26" in text
        assert "HIDDEN TESTS" not in text and "autograder" not in text and "MARK SCHEME" not in text
        assert (COMMENT in text) == (student is one)
        readable_tables(page)
        page.get_by_text("ntk_kernel:").first.scroll_into_view_if_needed()
        student.picture(f"4-feedback-{student.user}")


def readable_tables(page: Frame) -> None:
    """A screen reader finds captions and headers, and no meaning is carried by colour alone."""
    tables = page.locator("table:has(caption)").all()
    assert len(tables) >= 6
    for table in tables:
        rows = table.locator("tbody tr").count()
        assert rows and table.locator("tbody tr th[scope=row]").count() == rows
        assert table.locator("thead th[scope=col]").count() == 4
        results = table.locator("tbody tr td:nth-of-type(1)").all_inner_texts()
        assert all(re.search("passed|not yet", text) for text in results), results
    assert (
        page.evaluate("() => [...document.images].filter(i => !(i.alt || '').trim()).length") == 0
    )


def in_the_dark(instructor: Instructor, two: Student) -> None:
    """The verdict tables in JupyterLab's dark theme."""
    instructor.lab(f"autograded/{two.user}/{ASSIGNMENT}/{FIRST}.ipynb", "JupyterLab Dark")
    caption = instructor.page.locator('.jp-OutputArea caption:has-text("ntk_kernel")')
    caption.wait_for(state="attached")
    caption.evaluate("caption => caption.scrollIntoView({block: 'start'})")
    instructor.page.wait_for_timeout(500)
    instructor.picture("4-dark")
    assert instructor.page.evaluate("() => document.body.dataset.jpThemeLight") == "false"
    contrasts = instructor.page.evaluate(CONTRASTS)
    assert len(contrasts) > 20 and min(contrasts) >= READABLE, contrasts
