"""People at the hub, in a real browser: a student in JupyterLab, an instructor in the formgrader.

Every method is something that a person does and waits for; what they see is returned or kept as a
picture.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from time import strftime

from nbformat import NotebookNode
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from work import cells_of

from tests.conftest import ASSIGNMENT

PATIENCE = 300_000  # ms: the machine may be slow and busy
# ms: a page is asked now and then. Unless told, Playwright asks at each of sixty frames a second,
# and has them all drawn.
POLL = 300
MENU = '#jp-MainMenu .lm-MenuBar-itemLabel:text-is("{}")'
# What JupyterLab asks by itself, and what a student presses. Where Ctrl+S or Validate meets its own
# saving (every two minutes), it takes the other save for somebody else's. One request that fails,
# of those it sends all the time, is enough for it to say that the server is gone.
QUESTIONS = {"File Changed": "Overwrite", "Server unavailable or unreachable": "Dismiss"}
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
PROMPTS = f"""() => [...document.querySelectorAll('{PANEL} .jp-CodeCell .jp-InputArea-prompt')]
    .map(prompt => prompt.textContent.trim())"""
WITHOUT_ALT = f"""() => [...document.querySelectorAll('{PANEL} .jp-OutputArea img')]
    .filter(image => (image.alt || '').trim().length < 10).map(image => image.outerHTML.slice(0, 200))"""


class Person:
    """One account with a browser window of its own."""

    def __init__(self, browser: Browser, address: str, user: str, password: str, pictures: Path):
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 960}, reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.address, self.user, self.password, self.pictures = address, user, password, pictures
        self.troubles: list[str] = []  # requests without an answer, for whoever reads a failure
        self.page.on("requestfailed", lambda r: self._note(f"{r.method} {r.url}: {r.failure}"))
        self.page.on(
            "response",
            lambda r: r.status >= 500 and self._note(f"{r.request.method} {r.url}: {r.status}"),
        )

    def _note(self, trouble: str) -> None:
        self.troubles.append(f"{strftime('%X')} {self.user} {trouble}")

    def log_in(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        self.page.fill("#username_input", self.user)
        self.page.fill("#password_input", self.password)
        self.page.click("#login_submit")

    def picture(self, name: str, page: Page | None = None) -> None:
        (page or self.page).screenshot(path=self.pictures / f"{name}.png")

    def leave(self) -> None:
        self.context.close()


class Student(Person):
    def __init__(self, *args):
        super().__init__(*args)
        for question, answer in QUESTIONS.items():
            dialog = self.page.locator(".jp-Dialog", has_text=question)
            self.page.add_locator_handler(
                dialog, functools.partial(self._answer, dialog, question, answer)
            )

    def _answer(self, dialog: Locator, question: str, answer: str) -> None:
        self._note(f"was asked {question!r}")
        dialog.get_by_role("button", name=answer).click()

    def questions_answered(self) -> None:
        """Nothing lies over the page. Unlike wait_for_selector, `expect` lets the questions be
        answered."""
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def start(self) -> None:
        """Log in; the server starts, and JupyterLab appears with the assignment list."""
        self.log_in()
        self.page.wait_for_url("**/lab**")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_selector("#jp-MainMenu")

    # The assignment list

    def show_assignments(self) -> None:
        """Back to the tab of the assignment list."""
        self.page.click('.lm-TabBar-tabLabel:text-is("Assignments")')

    def fetch(self) -> None:
        self.page.click("#released_assignments_list > .list_item button")
        self.page.wait_for_selector("#fetched_assignments_list .nested_list_item", state="attached")

    def open_notebook(self, name: str, notebook: NotebookNode) -> None:
        """Click on a notebook in the list; its kernel starts and all its cells appear."""
        self.page.click(f'#fetched_assignments_list .nested_list_item a:text-is("{name}")')
        self.places = cells_of(notebook)
        self.page.wait_for_selector(f"{PANEL} .jp-Cell")
        self.page.wait_for_function(
            f"count => document.querySelectorAll('{PANEL} .jp-Notebook-cell').length == count",
            arg=len(notebook.cells),
            polling=POLL,
        )
        self.page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).first.wait_for()

    def back_to_notebook(self, name: str) -> None:
        """Back to the tab of a notebook that is open."""
        self.page.click(f'.lm-TabBar-tabLabel:text-is("{name}.ipynb")')

    def submit(self) -> None:
        self.page.click("#fetched_assignments_list > .list_item > .col-md-12 .item_status button")
        self.page.wait_for_selector("#submitted_assignments_list .list_item", state="attached")

    def fetch_feedback(self, before: int = 0) -> None:
        """Fetch Feedback; the link that opens it appears, besides those that were there before."""
        self.page.click("#refresh_assignments_list")
        row = self.page.locator(
            "#submitted_assignments_list > .list_item > .col-md-12 .item_status button"
        )
        row.first.click()
        links = self.page.locator('#submitted_assignments_list a:text("(view feedback)")')
        expect(links).to_have_count(before + 1)

    def view_feedback(self, notebook: str, newest: bool = False) -> Frame:
        """Open the fetched feedback of one notebook: the link shows its folder, a double click the
        page. newest: of several hand-ins the last one's."""
        links = self.page.locator('#submitted_assignments_list a:text("(view feedback)")')
        (links.last if newest else links.first).click()
        self.page.dblclick(f'.jp-DirListing-item:has-text("{notebook}.html")')
        frames = self.page.locator(".lm-DockPanel-widget:not(.lm-mod-hidden) .jp-HTMLViewer iframe")
        return frames.last.element_handle().content_frame()

    # A notebook

    def cell(self, grade_id: str) -> Locator:
        index = self.places[grade_id]
        return self.page.locator(f'{PANEL} .jp-Notebook-cell[data-windowed-list-index="{index}"]')

    def show(self, grade_id: str) -> Locator:
        """Scroll to a cell."""
        cell = self.cell(grade_id)
        cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
        self.page.wait_for_timeout(500)
        return cell

    def write(self, answers: dict[str, str]) -> None:
        """Replace the text of the cells of this notebook that are named."""
        for grade_id in sorted(answers.keys() & self.places.keys(), key=self.places.get):
            cell = self.show(grade_id)
            rendered = cell.locator(".jp-MarkdownOutput")
            if rendered.count():
                rendered.dblclick()
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(answers[grade_id])

    def run_all(self) -> None:
        """Run all cells, without waiting for them."""
        self.page.click(MENU.format("Run"))
        self.page.click('#jp-mainmenu-run li[data-command="runmenu:run-all"]')
        self.page.wait_for_function(
            f"() => ({PROMPTS})().some(text => text != '[ ]:')", polling=POLL
        )

    def await_run(self) -> list[str]:
        """Wait until nothing runs any more; returns the prompts of the cells that did not run
        (after an error)."""
        self.page.wait_for_function(
            f"() => !({PROMPTS})().some(text => text.includes('*'))", polling=POLL
        )
        prompts = self.page.evaluate(PROMPTS)
        return [text for text in prompts if not re.fullmatch(r"\[\d+\]:", text)]

    def count(self, selector: str) -> int:
        return self.page.locator(f"{PANEL} {selector}").count()

    def save(self) -> None:
        self.questions_answered()
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)

    def validate(self) -> None:
        """Press Validate, without waiting for it."""
        self.page.click(f"{PANEL} .validate-button")

    def verdict(self) -> tuple[bool, str]:
        """Whether Validate finds all well, and what it says."""
        dialog = self.page.locator(".nbgrader-SuccessDialog, .nbgrader-ErrorDialog")
        expect(dialog).to_be_visible()
        return "nbgrader-SuccessDialog" in dialog.get_attribute("class"), dialog.inner_text()

    def close_dialog(self) -> None:
        self.page.locator(".nbgrader-SuccessDialog, .nbgrader-ErrorDialog").locator(
            "button.jp-mod-accept"
        ).click()
        self.questions_answered()

    def pictures_without_description(self) -> list[str]:
        return self.page.evaluate(WITHOUT_ALT)


class Instructor(Person):
    def formgrader(self, path: str = "manage_assignments") -> None:
        self.page.goto(f"{self.address}/services/ntk/formgrader/{path}")

    def press(self, button: str, row: int | None = None) -> str:
        """Press a button (assign, release, collect, autograde …), of the assignment or of a row,
        and return what the formgrader says."""
        if row is None:
            self.page.locator(f'tr:has-text("{ASSIGNMENT}") .{button} a').first.click()
        else:
            self.page.locator(f".{button} a").nth(row).click()
        modal = self.page.locator("#success-modal, #error-modal")
        modal.wait_for()
        expect(modal.locator(".modal-title")).to_have_text(re.compile("Success|Error"))
        text = modal.inner_text()
        assert text.lstrip("× \n").startswith("Success"), text[-3000:]
        modal.locator(".modal-footer button").click()
        self.page.wait_for_selector(".modal-backdrop", state="detached")
        return text

    def points_shown(self, student: str, notebook: str) -> dict[str, float]:
        """Open a submission for marking; {grade_id: points} as its boxes show them (by hand, else
        automatic)."""
        self.open_submission(student, notebook)
        boxes = self.page.evaluate(
            "() => [...document.querySelectorAll('input.score')].map(box => [box.id, box.value || "
            "box.placeholder])"
        )
        return {id: float(text) for id, text in boxes if text}

    def open_submission(self, student: str, notebook: str) -> None:
        self.formgrader(f"manage_students/{student}/{ASSIGNMENT}/")
        # by the keyboard: where the name is broken over two lines, the middle of its box is no part
        # of the link
        self.page.locator(f'td a:text-is("{notebook}")').press("Enter")
        self.page.wait_for_selector("input.score")
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('input.score[id^=test_]')].every(b => b.value || "
            "b.placeholder)",
            polling=POLL,
        )

    def give_marks(self, grade_id: str, points: float, comment: str) -> None:
        """Type points and a comment; both are saved when the box is left."""
        for selector, text, path in (
            (f"#{grade_id}", f"{points:g}", "/api/grade/"),
            (f"#{grade_id}-comment", comment, "/api/comment/"),
        ):
            with self.page.expect_response(
                lambda r, path=path: path in r.url and r.request.method == "PUT"
            ) as saved:
                self.page.fill(selector, text)
                self.page.press(selector, "Tab")
            assert saved.value.ok

    def lab(self, path: str, theme: str) -> None:
        """Open a file of the course in JupyterLab, in a theme."""
        self.page.goto(f"{self.address}/services/ntk/lab/tree/{path}")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.click(MENU.format("Settings"))
        self.page.hover('.lm-Menu-itemLabel:text-is("Theme")')
        self.page.click(f'.lm-Menu-itemLabel:text-is("{theme}")')
        self.page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")
