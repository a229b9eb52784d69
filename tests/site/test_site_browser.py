"""The site in Chromium: narrow, middling and wide, light and dark, with keys, on paper, without
motion."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import FIRST, ROOT
from tests.helpers.pages import served, typeset

PICTURES = os.environ.get("NTK_PICTURES")  # a folder in which to leave what was looked at
WIDTHS = (360, 800, 1280)
LABS = [f"{path.parent.name}/{path.stem}" for path in sorted((ROOT / "release").glob("*/*.ipynb"))]
PAGES = ("index", "students", "what-if", "search", *LABS)
LAB = f"tp5-ntk/{FIRST}"
SEARCHED = "search.html?q=catapult"


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@contextmanager
def opening(browser, address):
    """Opens a page of the site; at the end nothing was complained of, and nobody else asked."""
    contexts, said = [], []

    def open_one(path: str, width: int = 1280, scheme: str = "light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", "blob:"))
                else said.append(f"asked for {request.url}")
            ),
        )
        page.on(
            "response", lambda r: said.append(f"{r.status} {r.url}") if r.status >= 400 else None
        )
        page.goto(f"{address}/{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def open_page(browser, address):
    with opening(browser, address) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def narrow(request, browser, address):
    """A page of the site as a telephone has it, loaded once for light and dark."""
    with opening(browser, address) as open_one:
        page = open_one(f"{request.param}.html", WIDTHS[0], reduced_motion="reduce")
        typeset(page)
        yield request.param, page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", PAGES, indirect=True)
def test_a_page_is_right_at_every_width(narrow, scheme):
    """Nothing sticks out, formulas are set, nothing for axe-core at the narrowest."""
    path, page = narrow
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"document.documentElement.dataset.theme == '{scheme}'")
    page.wait_for_function("document.getAnimations().every(a => a.playState != 'running')")
    formulas = page.locator("article .math").count()
    assert page.locator("article mjx-container").count() >= formulas
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    if "kernel" in path:
        assert formulas > 30
    # without preload: it would ask for the sheets that a sheet imports, in the wrong folder
    # within formulas are thousands of elements without any text: hidden they keep their places
    # and are not looked at for what stands behind a word
    page.add_style_tag(content="mjx-container * { visibility: hidden !important }")
    outer = {"exclude": [["mjx-container"]]}
    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, context=outer, options=options).response["violations"]
    assert {rule["id"]: [x["html"][:200] for x in rule["nodes"]][:3] for rule in found} == {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if PICTURES:
            name = f"{Path(path).name}-{width}-{scheme}.png"
            page.screenshot(path=Path(PICTURES) / name)


def test_formulas_keep_their_colours_and_are_readable_in_the_dark(open_page):
    seen = {}
    for scheme in ("light", "dark"):
        page = open_page(f"{LAB}.html", scheme=scheme)
        typeset(page)
        seen[scheme] = page.evaluate(
            """() => [...document.querySelectorAll('#notation mjx-container *')]
              .filter(e => e.getAttribute('style')?.includes('color'))
              .map(e => getComputedStyle(e).color)"""
        )
    assert len(set(seen["light"])) >= 3 and len(set(seen["dark"])) >= 3
    assert "rgb(0, 114, 178)" in seen["light"] and "rgb(0, 114, 178)" not in seen["dark"]


def test_the_hint_of_exercise_4_is_two_taps_away_on_a_telephone(open_page):
    page = open_page("index.html", 360, has_touch=True, reduced_motion="reduce")
    page.get_by_role("link", name="Exercise 4 · the kernel", exact=False).tap()
    page.wait_for_url("**#exercise-ntk-kernel")
    typeset(page)
    hint = page.locator("#exercise-ntk-kernel ~ details, section details").filter(has_text="pairs")
    text = hint.first.locator("p").first
    assert not text.is_visible()
    hint.first.locator("summary").tap()
    assert text.is_visible()


def test_a_hint_opens_with_a_key_and_on_paper(open_page):
    page = open_page(f"{LAB}.html")
    hint = page.locator("details").first
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    assert hint.evaluate("e => e.open")
    page.keyboard.press("Enter")
    assert not hint.evaluate("e => e.open")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article details[open]").count() == 0


def test_code_is_copied(open_page):
    page = open_page(f"{LAB}.html", permissions=["clipboard-read", "clipboard-write"])
    cell = page.locator(".tag_given .cell_input").first
    cell.hover()
    cell.locator("button.copybtn").click()
    assert "import torch" in page.evaluate("navigator.clipboard.readText()")
    page.goto(page.url.replace(LAB, "students"))
    page.locator(".highlight-console").first.hover()
    page.locator(".highlight-console button.copybtn").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("unzip ntk-lab.zip") and "$" not in copied


def test_search_finds_the_catapult(open_page):
    page = open_page(SEARCHED)
    page.locator("#search-results li a").first.wait_for()
    addresses = [x.get_attribute("href") for x in page.locator("#search-results li a").all()]
    assert any(LAB in address for address in addresses)


def heights(page) -> list[float]:
    return page.evaluate(
        "[...document.querySelectorAll('.rich circle')].map(c => Number(c.getAttribute('cy')))"
    )


def test_the_first_pages_picture_moves_once_and_can_be_stopped_and_wound(open_page):
    page = open_page("index.html")
    button, slider = page.get_by_role("button", name="Pause"), page.get_by_role("slider")
    button.wait_for()
    first = heights(page)
    page.wait_for_timeout(700)
    assert heights(page) != first
    button.click()
    page.get_by_role("button", name="Play").wait_for()
    stopped = heights(page)
    page.wait_for_timeout(400)
    assert heights(page) == stopped
    slider.focus()
    page.keyboard.press("Home")
    assert len(set(heights(page))) == 1  # before training it says nothing
    assert slider.get_attribute("aria-valuetext") == "0 steps"
    page.keyboard.press("End")
    assert len(set(heights(page))) > 20


@pytest.mark.parametrize("path", LABS)
def test_a_labs_slider_is_a_player(open_page, path):
    """Another picture at another value, by keys; on paper the stills stand side by side."""
    page = open_page(f"{path}.html", reduced_motion="reduce")
    player = page.locator(".ntk-player").first
    slider, screen = player.get_by_role("slider"), player.locator(".ntk-player-screen")
    slider.focus()
    page.keyboard.press("Home")
    first, value = screen.get_attribute("src"), slider.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    assert screen.get_attribute("src") != first and len(screen.get_attribute("alt")) > 20
    assert slider.get_attribute("aria-valuetext") != value
    page.emulate_media(media="print")
    assert not slider.is_visible() and player.locator(".ntk-player-stills img").first.is_visible()


def test_who_has_asked_for_stillness_gets_it(open_page):
    page = open_page("index.html", reduced_motion="reduce")
    page.get_by_role("button", name="Play").wait_for()
    still = heights(page)
    page.wait_for_timeout(700)
    assert heights(page) == still and len(set(still)) > 20


def test_without_a_script_the_picture_shows_the_end(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/index.html")
    assert page.locator(".motion circle").count() > 100
    assert not page.locator(".motion-controls").is_visible()
    context.close()


def test_it_works_from_a_folder_without_a_server(browser, site):
    """Opened as files, as after unpacking: formulas are set, the picture is there."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"file://{site}/{LAB}.html")
    typeset(page)
    assert page.locator("article mjx-container").count() > 30
    page.goto(f"file://{site}/index.html")
    page.get_by_role("button", name="Play").wait_for()
    context.close()
