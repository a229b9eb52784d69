"""Sliders in a real JupyterLab, and what is left of them on pages without a kernel: in feedback,
and played by the site's script."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from traitlets.config import Config

from autograder.clean import clean_notebook
from tests.conftest import ASSIGNMENT, FIRST, ROOT

STATIC = ROOT / "site" / "_static"
SLIDERS = {
    f"{ASSIGNMENT}/{FIRST}": "rates-slide",
    f"{ASSIGNMENT}/2-overparameterized-linear-regression": "plane-slide",
    "rich-training/1-when-the-kernel-moves": "turn-slide",
}
PATIENCE = 120_000  # milliseconds, for a kernel that begins
CELL = """
from ntk_helpers import figures, sliders
figures.use_style()
sliders.learning_rates([1.0, 100.0], (0.001, 0.005, 0.05), stills=(0.001, 0.05))
"""


def stored(name):
    """The slider's cell of a master."""
    notebook = nbformat.read(ROOT / "source" / f"{name}.ipynb", as_version=4)
    return next(cell for cell in notebook.cells if cell.id == SLIDERS[name])


@pytest.fixture
def one(tmp_path):
    """A notebook with a slider, in a folder of its own."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    one = new_notebook(cells=[new_code_cell(CELL)], metadata={"kernelspec": kernel})
    nbformat.write(one, tmp_path / "one.ipynb")
    return tmp_path / "one.ipynb"


@contextlib.contextmanager
def serving(folder, program):
    """The address of a JupyterLab or a Jupyter Notebook in a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": f"{folder / name}" for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", program, "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    environment = os.environ | own | {"PYTHONPATH": f"{ROOT}"}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(240):
            try:
                urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            except (URLError, OSError):
                time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


@pytest.mark.parametrize(
    ("program", "place"), [("jupyterlab", "lab/tree"), ("notebook", "notebooks")]
)
def test_the_keyboard_moves_the_slider(browser, one, program, place):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(PATIENCE)
    with serving(one.parent, program) as address:
        page.goto(f"{address}/{place}/one.ipynb")
        page.locator(".jp-CodeCell .cm-content").click()
        expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached(
            timeout=PATIENCE
        )
        page.keyboard.press("Control+Enter")
        slider, number = page.get_by_role("slider"), page.get_by_label("picture", exact=True)
        picture = page.locator(".jupyter-widgets img")

        def shows(rate):
            expect(picture).to_have_attribute(
                "alt", re.compile(f"^Learning rate {rate},"), timeout=PATIENCE
            )

        shows("0.001")
        expect(page.get_by_text("learning rate η", exact=True).first).to_be_visible()
        slider.press("End")
        shows("0.05")
        number.press("ArrowDown")
        shows("0.005")
        if program == "jupyterlab":  # Notebook 7.6 takes the arrow keys for itself
            slider.press("ArrowLeft")
            shows("0.001")
        page.locator(".jp-InputPrompt").click()
        page.keyboard.press("Control+s")
        cell = saved(one)
        page.close()
    widget, stills = cell.outputs
    line = {"text/plain": "[Slider: learning rate η]"}
    assert (
        "application/vnd.jupyter.widget-view+json" in widget.data
        and widget.data.items() >= line.items()
    )
    assert set(stills.data) == {"text/html", "text/plain"}
    cleaned, incidents = clean_notebook(new_notebook(cells=[cell]))
    assert incidents == [] and cleaned.cells[0].outputs[0].data == line
    assert cleaned.cells[0].outputs[1].data["text/html"].count('<img alt="Learning rate') == 3


def saved(path):
    """The cell of a notebook, once it is saved with outputs."""
    for _ in range(100):
        (cell,) = nbformat.read(path, as_version=4).cells
        if cell.outputs:
            return cell
        time.sleep(0.1)
    raise AssertionError("JupyterLab has saved nothing")


@pytest.mark.parametrize("name", SLIDERS)
def test_feedback_shows_the_typical_pictures_and_no_script(browser, name):
    cell = stored(name)
    assert len(cell.outputs[0].data["text/html"]) < 150_000
    cleaned, incidents = clean_notebook(new_notebook(cells=[cell]))
    assert incidents == []
    config = Config()
    config.HTMLExporter.template_name = "feedback"
    templates = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
    config.HTMLExporter.extra_template_basedirs = [f"{templates / 'templates'}"]
    bootstrap = templates / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.HTMLExporter.extra_template_paths = [f"{bootstrap}"]
    about = {"notebook": "one", "score": 0, "max_score": 0, "late_penalty": 0}
    html, _ = HTMLExporter(config=config).from_notebook_node(cleaned, {"nbgrader": about})
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    output = page.locator(".output_html, .jp-RenderedHTMLCommon:has(details)").last
    images = output.locator("img")
    shown = [at for at in range(images.count()) if images.nth(at).is_visible()]
    assert shown == [0, 1, 2] and images.count() >= 5
    for at in shown:
        assert len(images.nth(at).get_attribute("alt")) > 25
        assert images.nth(at).evaluate("image => image.naturalWidth") == 540
    assert output.locator("script, [onclick], [class*=player]").count() == 0
    output.locator("summary").press("Enter")
    assert images.last.is_visible()
    page.close()


@pytest.fixture
def played(browser):
    """Opens the stored pictures of a master on a page with the site's script."""
    pages = []

    def open_page(name, **options):
        page = browser.new_page(**options)
        pages.append(page)
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(f"{error}"))
        page.set_content(
            "<!doctype html><meta name=viewport content='width=device-width'>"
            f"<style>{(STATIC / 'player.css').read_text()}</style>"
            f"{stored(name).outputs[0].data['text/html']}"
        )
        page.add_script_tag(content=(STATIC / "player.js").read_text())
        return page

    yield open_page
    for page in pages:
        assert page.faults == []
        page.close()


@pytest.mark.parametrize("name", SLIDERS)
def test_the_site_plays_what_is_stored(played, name):
    page = played(name, viewport={"width": 360, "height": 640})
    slider, picture = page.get_by_role("slider"), page.locator(".ntk-player-screen")
    label = re.search(r'data-label="(.*?)"', stored(name).outputs[0].data["text/html"])[1]
    assert page.get_by_label(label).count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    slider.press("Home")
    texts, values = [], []
    for _ in range(int(slider.get_attribute("max")) + 1):
        texts.append(picture.get_attribute("alt"))
        values.append(slider.get_attribute("aria-valuetext"))
        assert page.locator("output").inner_text() == values[-1]
        slider.press("ArrowRight")
    assert len(set(texts)) == len(set(values)) == len(texts) >= 5
    assert [image for image in page.locator("img").all() if image.is_visible()] and (
        page.locator(".ntk-player-stills img").first.is_hidden()
    )
    page.emulate_media(media="print")
    stills = page.locator(".ntk-player-stills > div img")
    assert stills.count() == 3 and all(image.is_visible() for image in stills.all())
    assert picture.is_hidden() and slider.is_hidden()


def test_it_plays_to_the_end_and_not_where_stillness_is_asked_for(played):
    name = "rich-training/1-when-the-kernel-moves"
    page = played(name)
    button, slider = page.get_by_role("button"), page.get_by_role("slider")
    slider.press("Home")
    page.wait_for_timeout(1200)
    assert slider.input_value() == "0"  # nothing moves by itself
    button.press("Enter")
    expect(button).to_have_text("Pause")
    expect(slider).to_have_value("4", timeout=20_000)
    expect(button).to_have_text("Play")
    quiet = played(name, reduced_motion="reduce")
    assert quiet.get_by_role("button").count() == 0
    quiet.get_by_role("slider").press("End")
    assert quiet.locator(".ntk-player-screen").get_attribute("alt").startswith("Alpha 0.05")
