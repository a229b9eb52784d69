"""The site as it is read: from the menu of a telephone, by keyboard, on paper."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.conftest import FIRST
from tests.helpers.pages import served, typeset

LAB = f"tp5-ntk/{FIRST}"


@pytest.fixture
def open_page(browser, request):
    """Opens a page of the site, or of another folder."""
    with ExitStack() as opened:

        def open_one(path: str, width: int = 1280, folder=None, **options):
            address = opened.enter_context(served(folder or request.getfixturevalue("site")))
            context = browser.new_context(
                viewport={"width": width, "height": 800}, reduced_motion="reduce", **options
            )
            opened.callback(context.close)
            page = context.new_page()
            page.goto(f"{address}/{path}.html")
            typeset(page)
            return page

        yield open_one


def test_the_menu_alone_leads_to_the_hint_in_four_taps(open_page):
    page = open_page("index", 360, has_touch=True)
    page.get_by_label("Toggle primary sidebar").locator("visible=true").first.tap()
    page.locator("dialog[open]").get_by_role("link", name="The neural tangent kernel").last.tap()
    page.wait_for_url(f"**/{LAB}.html")
    exercises = page.get_by_role("navigation", name="Exercises").get_by_role("link")
    assert exercises.count() == 7
    exercises.filter(has_text="Exercise 4").tap()
    page.wait_for_url("**#exercise-ntk-kernel")
    box = page.locator("#exercise-ntk-kernel").bounding_box()
    assert box is not None and 0 <= box["y"] < 800
    page.locator("details").filter(has_text="all pairs").locator("summary").tap()
    assert page.get_by_text("holds all the inner products").is_visible()


def test_a_page_without_a_list_has_no_button_for_one(open_page):
    button = ".secondary-toggle"
    assert open_page(LAB, 360).locator(button).first.is_visible()
    without = open_page("index", 360).locator(button)
    assert without.count() and not without.first.is_visible()


def test_the_tab_key_does_not_stop_at_every_formula_but_where_one_can_scroll(open_page):
    page = open_page(LAB, 240)
    assert page.locator("article mjx-container").count() > 30
    assert page.locator("article mjx-container[tabindex='0']").count() == 0
    unreachable = """() => [...document.querySelectorAll('article table, div.math')]
      .filter(e => (e.scrollWidth > e.clientWidth) != (e.tabIndex == 0)).length"""
    page.wait_for_function(f"({unreachable})() === 0")
    assert page.locator("article :is(table, .math)[tabindex]").count() >= 1


def test_a_card_has_no_empty_row_of_names(open_page):
    heads = open_page(LAB).locator("article table thead")
    assert not heads.first.is_visible() and heads.nth(1).is_visible()


def test_in_the_dark_too_paper_is_white_and_holds_everything(open_page):
    """Dark letters, the pictures, whole lines of code, and every system's commands."""
    page = open_page(LAB, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    red, green, blue = page.evaluate(
        "getComputedStyle(document.querySelector('article p')).color.match(/\\d+/g).map(Number)"
    )
    assert max(red, green, blue) < 110
    page.wait_for_function("[...document.querySelectorAll('img')].every(i => i.complete)")
    page.set_viewport_size({"width": 700, "height": 900})
    cut = "[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.evaluate(cut) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page = open_page("students")
    page.emulate_media(media="print")
    for words in ("apt-get", "Safari", "Expand-Archive", "conda env create"):
        assert page.get_by_text(words).first.is_visible()


def test_the_instructors_pages_fit_a_telephone_too(open_page, instructors):
    page = open_page("index", 360, folder=instructors)
    start = page.url.removesuffix("index.html")
    for path in sorted((instructors / "instructors").glob("*.html")):
        page.goto(f"{start}instructors/{path.name}")
        typeset(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.stem
