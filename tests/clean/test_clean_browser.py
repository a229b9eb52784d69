"""Nothing that a student submits runs in the instructor's browser: feedback, formgrader and
JupyterLab's export.

Headless Chromium opens the pages that nbgrader's own templates make. A payload that runs leaves its
name in `window.hits` or asks evil.test for something. The same payloads, not cleaned, do run: see
the first test.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell
from playwright.sync_api import Error as PlaywrightError
from traitlets.config import Config

from autograder.checks.verdict import Criterion, Verdict
from autograder.clean import clean_notebook
from tests.helpers.clean_payloads import (
    HONEST,
    Payload,
    honest_notebook,
    markdown,
    notebook,
    payloads,
)

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
SITE = "http://course.test"
# the templates' own libraries, which nothing here needs
ALLOWED = ("cdnjs.cloudflare.com", "unpkg.com")
CONTENT = "#notebook-container, main"
LEFT = "left the page"
TEMPLATES = ("feedback", "formgrade", "lab")
HOOKS = """
    window.hits = window.hits || [];
    window.hit = name => { window.top.hits.push(name); };
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.hit(name);
"""
CLICK_EVERYTHING = """() => {
    // Leave only what would run here: an ordinary link would take us away from the page.
    addEventListener('click', event => {
        const link = event.target.closest && event.target.closest('a, area');
        if (link && /^(https?|mailto):$/.test(link.protocol)) event.preventDefault();
    }, true);
    const all = document.querySelectorAll('a, area, button, summary, form, [onclick]');
    for (const element of all) element.click ? element.click() : element.dispatchEvent(new Event('click'));
    return all.length;
}"""
SCORES = {"test_ntk_kernel": 5, "discussion": 4, "test_gen_bound": 3}


@functools.cache
def exporter(template: str) -> HTMLExporter:
    config = Config()
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [str(FORMGRADER / "templates")]
    bootstrap = FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.HTMLExporter.extra_template_paths = [str(bootstrap)]
    return HTMLExporter(config=config)


def render(nb, template: str) -> str:
    """The page that nbgrader (feedback, formgrade) or nbconvert (lab) makes of a notebook."""
    resources = {
        "nbgrader": {"notebook": "1-ntk", "score": 3, "max_score": 5, "late_penalty": 0},
        "assignment_id": "tp5-ntk",
        "notebook_id": "1-ntk",
        "submission_id": "s1",
        "index": 0,
        "total": 1,
        "base_url": SITE,
        "student": "student",
        "notebook_path": "autograded/student/tp5-ntk/1-ntk.ipynb",
    }
    return exporter(template).from_notebook_node(nb, resources)[0]


class Visit:
    """One page in a browser, and everything that it did."""

    def __init__(self, browser, html: str, click: bool = True, patience: int = 50):
        self.requests, self.dialogs, self.saved = [], [], []
        self.html = html
        self.page = browser.new_page()
        self.page.add_init_script(HOOKS)
        self.page.on(
            "dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss())
        )
        self.page.route("**/*", self.answer)
        self.page.goto(SITE + "/page.html", wait_until="load")
        self.page.wait_for_timeout(patience)
        try:
            self.title = self.page.title()
            self.controls = self.page.evaluate(CLICK_EVERYTHING) if click else 0
            self.page.wait_for_timeout(20)
            self.hits = self.page.evaluate("window.hits")
        except PlaywrightError:  # something took the browser elsewhere meanwhile
            self.hits = [LEFT]

    def answer(self, route):
        request = route.request
        host, _, path = request.url.partition("://")[2].partition("/")
        static = FORMGRADER / path.removeprefix("formgrader/")
        if request.url == SITE + "/page.html":
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        elif request.url.startswith(SITE + "/formgrader/static/") and static.is_file():
            route.fulfill(path=static)
        elif request.url.startswith(SITE + "/formgrader/api/"):
            self.api(route, path)
        elif host in ALLOWED:
            route.abort()
        else:
            self.requests.append(request.url)
            route.abort()

    def api(self, route, path: str):
        """What the formgrader's server would say: the scores of the page's cells."""
        if route.request.method != "GET":
            self.saved.append((path, json.loads(route.request.post_data)))
            route.fulfill(json=json.loads(route.request.post_data))
            return
        rows = [
            {
                "id": name,
                "name": name,
                "max_score": score,
                "auto_score": 0,
                "manual_score": None,
                "extra_credit": None,
                "needs_manual_grade": False,
            }
            for name, score in SCORES.items()
        ]
        route.fulfill(json=rows if "grades" in path else [])

    def quiet(self) -> bool:
        return not (self.hits or self.requests or self.dialogs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()


@pytest.mark.parametrize(
    "payload", [one for one in payloads() if one.fires], ids=lambda one: one.name
)
def test_without_cleaning_the_payload_runs(browser, payload: Payload):
    """The control: every payload marked `fires` does, in stock feedback or formgrader. So the tests
    below can fail."""

    def fires(template: str, patience: int) -> bool:
        with Visit(browser, render(notebook([payload.cell]), template), patience=patience) as visit:
            return payload.name in " ".join(visit.hits + visit.requests)

    assert fires("feedback", 50) or fires("formgrade", 50) or fires("feedback", 2000)


@pytest.mark.parametrize("first", range(10))
def test_cleaned_a_few_together_nothing_runs(browser, first):
    """In small groups, in another order: no payload can hide behind what stands before it."""
    group = payloads()[first::10][::-1]
    cleaned, _ = clean_notebook(notebook([payload.cell for payload in group]))
    with Visit(browser, render(cleaned, "feedback"), patience=300) as visit:
        assert visit.quiet(), (
            [one.name for one in group],
            visit.hits,
            visit.requests,
            visit.dialogs,
        )


@pytest.mark.parametrize("template", TEMPLATES)
def test_cleaned_together_nothing_runs_and_nothing_is_found_by_name(browser, template):
    cleaned, incidents = clean_notebook(notebook([payload.cell for payload in payloads()]))
    with Visit(browser, render(cleaned, template), patience=1500) as visit:
        assert visit.quiet(), (visit.hits, visit.requests, visit.dialogs)
        assert visit.controls > 5 and visit.title in ("1-ntk", "Notebook")
        content = visit.page.locator(CONTENT).first
        for name in (
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "link",
            "meta",
            "base",
            "script",
            ".mermaid",
        ):
            assert content.locator(name).count() == 0, name
        handlers = visit.page.evaluate(
            "[...document.querySelectorAll('.cell, .jp-Cell')].flatMap(cell => "
            "[...cell.querySelectorAll('*')])"
            ".flatMap(element => element.getAttributeNames()).filter(name => "
            "name.startsWith('on') || name == 'srcdoc')"
        )
        assert handlers == []
        sources = visit.page.evaluate("[...document.images].map(image => image.src.slice(0, 15))")
        assert set(sources) == {"", "data:image/png;"}  # "": an image that lost its address
    assert {text.partition(": ")[2].partition(":")[0] for text in incidents} == {
        "Active content was taken out of an HTML output.",
        "Output of these types was left out",
        "A picture was left out",
    }


def test_a_heading_cannot_take_the_place_of_a_score_box(browser):
    """The formgrader finds a score box by its id, and nbconvert makes ids of headings."""

    def page(clean: bool):
        answer = markdown("# test_gen_bound\n\ntest_ntk_kernel\n===\n\nMy answer.")
        answer.metadata["nbgrader"] = facts("discussion", solution=True)
        test = new_code_cell(
            "# tests", metadata={"nbgrader": facts("test_gen_bound", solution=False)}
        )
        nb = notebook([answer, test])
        return render(clean_notebook(nb)[0] if clean else nb, "formgrade")

    def facts(name: str, solution: bool):
        return {
            "grade": True,
            "grade_id": name,
            "points": 4,
            "solution": solution,
            "locked": not solution,
            "task": False,
        }

    def saved_by_typing_into_the_answers_box(html: str):
        with Visit(browser, html, click=False) as visit:
            box = visit.page.locator("input.score").first
            box.fill("3")
            box.blur()
            visit.page.wait_for_timeout(200)
            return {path.split("/")[-1]: float(body["manual_score"]) for path, body in visit.saved}

    everything = {"discussion": 3, "test_gen_bound": 3, "test_ntk_kernel": 3}
    assert saved_by_typing_into_the_answers_box(page(clean=False)) == everything
    assert saved_by_typing_into_the_answers_box(page(clean=True)) == {"discussion": 3}


@pytest.mark.parametrize("template", ["feedback", "lab"])
def test_an_honest_submission_looks_as_it_should(browser, template, tmp_path):
    verdict = Verdict(
        "ntk_kernel",
        (
            Criterion("values", True, 3, 3, "All seven are right."),
            Criterion("psd", False, 0, 2, "See the hexagon."),
        ),
    )
    cleaned, incidents = clean_notebook(honest_notebook(verdict))
    assert incidents == []
    with Visit(browser, render(cleaned, template)) as visit:
        assert visit.quiet(), (visit.hits, visit.requests)
        text = visit.page.locator(CONTENT).first.inner_text()
        for line in (
            "100 %\nNumber of gradient steps 1400",
            "1.5e-4 is < 3e-3",
            "so 93 < 97",
            "if a < b: return x",
            "return u if 0 < u< 1 else 0  # data: float64",
            "left the kernel regime & its ReLUs died.",
            "ZeroDivisionError: division by zero",
            "All seven are right.",
            "3.0",
            "$0< u<1$",
        ):
            assert line in text, (line, text)
        assert visit.page.locator("table").count() == 3
        assert visit.page.locator("caption").inner_text() == "ntk_kernel: 3 of 5 points"
        assert visit.page.evaluate("[...document.images].map(i => i.naturalWidth)") == [240, 60]
        hrefs = visit.page.eval_on_selector_all(
            "main a, #notebook a", "links => links.map(a => a.href)"
        )
        assert {"https://arxiv.org/abs/1901.08584", "https://arxiv.org/abs/1806.07572"} <= set(
            hrefs
        )
        assert len(HONEST) > 500
        visit.page.screenshot(path=tmp_path / f"honest-{template}.png", full_page=True)
        assert (tmp_path / f"honest-{template}.png").stat().st_size > 10_000
