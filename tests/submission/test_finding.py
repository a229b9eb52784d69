"""Whatever browsers, editors, sync tools, platforms, version control and people do to files: honest
work is found whole, or a person gets to see it; what deserves zero waits for nobody.

Files are made here as the tools in question make them. Marks follow from the rebuilt notebooks,
which are looked at; tests/classroom/test_settle.py marks some of them for real.
"""

from __future__ import annotations

import copy
import io
import json
import os
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import jupytext
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.submission.answers import ANSWERS, answers_in
from autograder.submission.files import Settled, read_submission
from autograder.submission.read import parse
from autograder.submission.rebuild import rebuilt_from
from demo.submissions import fill
from tests.conftest import FIRST, ROOT, SECOND

WHOLE, REVIEW, ZERO = "whole", "review", "zero"


@pytest.fixture(scope="session")
def perfect(released, solved):
    """{notebook: a complete submission}"""
    return fill(released, solved)


@pytest.fixture(scope="session")
def look(exam, perfect):
    """look(folder) -> what comes of a submission: WHOLE, REVIEW or ZERO (nothing of it counts and
    nobody is asked), and what was found."""

    def answers(notebook, master):
        return answers_in(parse(json.dumps(notebook).encode()), master)

    full = {n.name: answers(perfect[n.name], n) for n in exam.notebooks}
    for notebook in exam.notebooks:
        assert set(full[notebook.name]) == {c.id for c in notebook.cells if c.kind in ANSWERS}

    def look(folder: Path):
        finding = read_submission(folder, exam)
        review, whole, nothing = list(finding.review), True, True
        for master in exam.notebooks:
            rebuilt = rebuilt_from(exam, master.name, finding.files)
            review += rebuilt.review
            got = answers(rebuilt.notebook, master)
            whole = whole and got == full[master.name]
            nothing = nothing and not got
        if review:
            return REVIEW, finding
        return (WHOLE if whole else ZERO if nothing else "lost"), finding

    return look


def text_of(notebook) -> str:
    return json.dumps(notebook, indent=1)


class Hand:
    """A folder that is handed in, and what can be written into it."""

    def __init__(self, folder: Path, perfect, released):
        self.folder, self.perfect, self.released = folder, perfect, released

    def put(self, name: str, content, time: float | None = None) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else text_of(content))
        if time:
            os.utime(path, (time, time))
        return path

    def first(self, name: str = f"{FIRST}.ipynb", **how) -> Path:
        return self.put(name, self.perfect[FIRST], **how)

    def second(self, name: str = f"{SECOND}.ipynb", **how) -> Path:
        return self.put(name, self.perfect[SECOND], **how)

    def changed(self, change: Callable, name: str = FIRST):
        """A notebook of the perfect ones, changed and handed in, with the other one beside it."""
        notebook = copy.deepcopy(self.perfect[name])
        notebook = change(notebook) or notebook
        self.put(f"{name}.ipynb", notebook)
        self.second() if name == FIRST else self.first()


def zipped(members: dict[str, bytes | str], **how) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def cell(notebook, id: str):
    return next(c for c in notebook.cells if c.get("id") == id)


def index(notebook, id: str) -> int:
    return next(i for i, c in enumerate(notebook.cells) if c.get("id") == id)


SITUATIONS: dict[str, tuple[str, Callable[[Hand], object]]] = {}


def situation(outcome: str):
    def note(make: Callable[[Hand], object]):
        SITUATIONS[make.__name__] = (outcome, make)
        return make

    return note


# Where it lies, and what it is called


@situation(WHOLE)
def as_it_should_be(hand):
    hand.first(), hand.second()


for label, rename in {
    "browser": "{} (1).ipynb",
    "jupyter": "{}-Copy1.ipynb",
    "finder": "{} copy.ipynb",
    "windows": "{} - Copy (2).ipynb",
    "in-front": "ada_lovelace_{}.ipynb",
    "behind": "{}_final_v2.ipynb",
    "upper": "{}.IPYNB",
    "second-ending": "{}.ipynb.txt",
    "json": "{}.json",
    "mail": "{}.ipynb.json",
    "no-ending": "{}",
    "canvas": "lovelaceada_1234_56789_{}-2.ipynb",
    "moodle": "Ada Lovelace_123_assignsubmission_file_{}.ipynb",
    "colab": "Copy of {}.ipynb",
    "onedrive": "{}-LAPTOP-7K.ipynb",
    "dropbox": "{} (Ada's conflicted copy 2026-11-02).ipynb",
    "spaces": " {} .ipynb",
    "nonsense": "untitled.ipynb",
}.items():

    def renamed(hand, rename=rename):
        hand.first(rename.format(FIRST)), hand.second()

    SITUATIONS[f"renamed_{label}"] = (WHOLE, renamed)


@situation(WHOLE)
def accents_decomposed(hand):
    hand.first(unicodedata.normalize("NFD", "é_" + FIRST + ".ipynb"))
    hand.second(unicodedata.normalize("NFC", "é_" + SECOND + ".ipynb"))


@situation(WHOLE)
def names_swapped(hand):
    hand.first(f"{SECOND}.ipynb"), hand.second(f"{FIRST}.ipynb")


@situation(WHOLE)
def in_a_folder(hand):
    hand.first(f"tp5-ntk/{FIRST}.ipynb"), hand.second(f"tp5-ntk/deep/er/{SECOND}.ipynb")


@situation(WHOLE)
def in_a_zip(hand):
    files = {f"tp5/{name}.ipynb": text_of(notebook) for name, notebook in hand.perfect.items()}
    hand.put("tp5.zip", zipped(files))


@situation(WHOLE)
def one_in_a_zip_without_ending(hand):
    hand.put("handin", zipped({f"{FIRST}.ipynb": text_of(hand.perfect[FIRST])}))
    hand.second()


@situation(WHOLE)
def beside_an_untouched_original(hand):
    hand.put(f"{FIRST}.ipynb", hand.released[FIRST])
    hand.first(f"{FIRST} (1).ipynb"), hand.second()


@situation(WHOLE)
def twice_the_same(hand):
    hand.first(), hand.second(), hand.second("old/copy.ipynb")


@situation(WHOLE)
def only_in_checkpoints(hand):
    hand.put(f"{FIRST}.ipynb", hand.released[FIRST])
    hand.first(f".ipynb_checkpoints/{FIRST}-checkpoint.ipynb"), hand.second()


@situation(WHOLE)
def an_older_checkpoint_beside_it(hand):
    older = copy.deepcopy(hand.perfect[FIRST])
    cell(older, "predict").source = cell(older, "predict").source + "\n    return 0"
    hand.put(f".ipynb_checkpoints/{FIRST}-checkpoint.ipynb", older)
    hand.first(), hand.second()


@situation(WHOLE)
def litter_beside_it(hand):
    hand.first(), hand.second()
    hand.put("__MACOSX/._x.ipynb", b"\0\5\26\7")
    hand.put(".venv/lib/some.ipynb", "{}")
    hand.put(".DS_Store", b"\0\0\0\1Bud1")
    hand.put("figure.png", b"\x89PNG\r\n")
    hand.put("timestamp.txt", "2026-11-02 10:00:00 UTC")


def half(hand, without: str):
    notebook = copy.deepcopy(hand.perfect[FIRST])
    cell(notebook, without).source = cell(hand.released[FIRST], without).source
    return notebook


@situation(REVIEW)
def half_in_one_copy_and_half_in_another(hand):
    hand.put(f"{FIRST}.ipynb", half(hand, "mlp"))
    hand.put(f"{FIRST} (1).ipynb", half(hand, "predict"))
    hand.second()


@situation(REVIEW)
def two_copies_with_different_answers(hand):
    other = copy.deepcopy(hand.perfect[FIRST])
    cell(other, "predict").source += "\n# and\nmore = 1"
    hand.put(f"{FIRST} (1).ipynb", other)
    hand.first(), hand.second()


# Texts in place of the notebook


for format, ending in {
    "py:percent": ".py",
    "md:myst": ".md",
    "py:light": ".py",
    "md": ".md",
    "Rmd": ".Rmd",
}.items():

    def as_text(hand, format=format, ending=ending):
        hand.put(f"{FIRST}{ending}", jupytext.writes(hand.perfect[FIRST], fmt=format))
        hand.second()

    SITUATIONS[f"as_{format.replace(':', '_')}"] = (
        WHOLE if format in ("py:percent", "md:myst", "md") else REVIEW,
        as_text,
    )


@situation(REVIEW)
def as_nbconverts_script(hand):
    from nbconvert.exporters import PythonExporter

    hand.put(f"{FIRST}.py", PythonExporter().from_notebook_node(hand.perfect[FIRST])[0])
    hand.second()


@situation(WHOLE)
def a_paired_text_beside_it(hand):
    hand.first(), hand.second()
    hand.put(f"{FIRST}.py", jupytext.writes(hand.perfect[FIRST], fmt="py:percent"))


# Encodings and damage


for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):

    def encoded(hand, encoding=encoding):
        hand.put(f"{FIRST}.ipynb", text_of(hand.perfect[FIRST]).encode(encoding))
        hand.second()

    SITUATIONS[f"in_{encoding}"] = (WHOLE, encoded)


@situation(WHOLE)
def in_windows_1252(hand):
    notebook = copy.deepcopy(hand.perfect[FIRST])
    notebook.cells.append(new_markdown_cell("café"))
    text = json.dumps(notebook, ensure_ascii=False)
    hand.put(f"{FIRST}.ipynb", text.encode("cp1252", "ignore"))
    hand.second()


@situation(WHOLE)
def with_windows_line_ends(hand):
    def change(notebook):
        for c in notebook.cells:
            c.source = c.source.replace("\n", "\r\n")

    hand.changed(change)
    path = hand.folder / f"{FIRST}.ipynb"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@situation(WHOLE)
def with_nan_in_an_output(hand):
    hand.put(
        f"{FIRST}.ipynb",
        swap(text_of(hand.perfect[FIRST]), '"metadata": {', '"x": NaN, "metadata": {'),
    )
    hand.second()


@situation(REVIEW)
def with_trailing_commas(hand):
    hand.put(f"{FIRST}.ipynb", text_of(hand.perfect[FIRST]).replace("}\n ],", "},\n ],"))
    hand.second()


@situation(REVIEW)
def cut_off_in_the_middle(hand):
    text = text_of(hand.perfect[FIRST])
    hand.put(f"{FIRST}.ipynb", text[: len(text) // 2])
    hand.second()


@situation(REVIEW)
def with_doubled_keys(hand):
    text = text_of(hand.perfect[FIRST])
    hand.put(f"{FIRST}.ipynb", text.replace('"cells": [', '"cells": [], "cells": [', 1))
    hand.second()


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def conflict(text: str, ours: str, theirs: str) -> str:
    return swap(text, ours, f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> main")


@situation(WHOLE)
def merge_conflict_in_a_counter(hand):
    text = text_of(hand.perfect[FIRST])
    hand.put(
        f"{FIRST}.ipynb", conflict(text, '   "execution_count": null,', '   "execution_count": 7,')
    )
    hand.second()


@situation(REVIEW)
def merge_conflict_in_an_answer(hand):
    text = text_of(hand.perfect[FIRST])
    line = next(x for x in text.splitlines() if "def predict(" in x)
    hand.put(f"{FIRST}.ipynb", conflict(text, line, line.replace("predict", "predicted")))
    hand.second()


@situation(REVIEW)
def merge_marks_in_a_cell(hand):
    def change(notebook):
        cell(notebook, "predict").source = conflict(
            cell(notebook, "predict").source, "def predict(net, images):", "def predict(n, i):"
        )

    hand.changed(change)


@situation(REVIEW)
def two_notebooks_in_one_file(hand):
    text = text_of(hand.perfect[FIRST])
    hand.put(f"{FIRST}.ipynb", text + text)
    hand.second()


@situation(WHOLE)
def wrapped_by_a_servers_interface(hand):
    hand.put(
        f"{FIRST}.ipynb",
        json.dumps({"name": "x", "type": "notebook", "content": hand.perfect[FIRST]}),
    )
    hand.second()


for label, content in {
    "web page": b"<!DOCTYPE html>\n<html><body>1</body></html>",
    "pdf": b"%PDF-1.7\n",
    "nothing": b"",
    "zeros": b"\0" * 4096,
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "picture": b"\x89PNG\r\n\x1a\n",
    "noise": os.urandom(64) + b"\xfe",
    "shortcut": b"[InternetShortcut]\nURL=https://example.org\n",
    "text": b"my answers are in the other file",
}.items():

    def replaced(hand, content=content):
        hand.put(f"{FIRST}.ipynb", content)
        hand.second()

    SITUATIONS[f"in_its_place_{label.replace(' ', '_')}"] = (REVIEW, replaced)

for name in (
    *("work.pdf", "work.html", "work.docx", "work.rar", "work.ipynb.crdownload", "w.ipynb.icloud"),
    *("work.ipynb.gz", "work.tar.xz", "work.lnk", "work.gdoc", "work.eml", "work.pages", "work"),
):

    def instead(hand, name=name):
        start = {".pdf": b"%PDF", ".html": b"<!DOCTYPE html>", ".rar": b"Rar!"}
        hand.put(name, start.get(Path(name).suffix, b"PK\0\0"))

    SITUATIONS[f"instead_{name.replace('.', '_')}"] = (REVIEW, instead)


@situation(REVIEW)
def a_locked_zip(hand):
    data = bytearray(zipped({f"{FIRST}.ipynb": "{}"}))
    data[6] |= 1
    place = data.index(b"PK\1\2")
    data[place + 8] |= 1
    hand.put("work.zip", bytes(data))


@situation(REVIEW)
def a_foreign_notebook_under_the_right_name(hand):
    hand.put(f"{FIRST}.ipynb", new_notebook(cells=[new_code_cell("import this")]))
    hand.second()


@situation(REVIEW)
def cells_without_names(hand):
    def change(notebook):
        for i, c in enumerate(notebook.cells):
            c.metadata, c.id = {}, f"fresh-{i}"

    hand.changed(change)


@situation(WHOLE)
def names_in_the_metadata_of_colab(hand):
    def change(notebook):
        for c in notebook.cells:
            c.metadata = {"id": c.id}
            del c["id"]
        return json.dumps(notebook)

    hand.changed(change)


# Answers in other places of the notebook


@situation("elsewhere")
def answer_above_its_cell(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        notebook.cells.insert(index(notebook, "predict"), new_code_cell(answer.source))
        answer.source = cell(hand.released[FIRST], "predict").source

    hand.changed(change)


@situation(REVIEW)
def answer_below_its_test(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        notebook.cells.append(new_code_cell(answer.source))
        answer.source = cell(hand.released[FIRST], "predict").source

    hand.changed(change)


for make in (new_markdown_cell, new_raw_cell):

    def in_text(hand, make=make):
        def change(notebook):
            answer = cell(notebook, "predict")
            stray = make(f"```python\n{answer.source}\n```")
            notebook.cells.insert(index(notebook, "predict"), stray)
            answer.source = cell(hand.released[FIRST], "predict").source

        hand.changed(change)

    SITUATIONS[f"answer_in_{make.__name__}"] = (REVIEW, in_text)


@situation(REVIEW)
def answer_in_a_locked_cell(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        cell(notebook, "checkpoint_predict").source += "\n" + answer.source
        answer.source = cell(hand.released[FIRST], "predict").source

    hand.changed(change)


@situation(REVIEW)
def free_text_in_another_cell(hand):
    def change(notebook):
        answer = cell(notebook, "discussion")
        notebook.cells.append(new_markdown_cell(answer.source))
        answer.source = cell(hand.released[FIRST], "discussion").source

    hand.changed(change)


@situation(REVIEW)
def free_text_as_comments(hand):
    def change(notebook):
        answer = cell(notebook, "discussion")
        notebook.cells.append(new_code_cell("# " + answer.source.replace("\n", "\n# ")))
        answer.source = cell(hand.released[FIRST], "discussion").source

    hand.changed(change)


@situation(REVIEW)
def free_text_under_the_question(hand):
    def change(notebook):
        answer = cell(notebook, "discussion")
        place = index(notebook, "discussion") - 1
        while notebook.cells[place].cell_type != "markdown":
            place -= 1
        notebook.cells[place].source += "\n\n" + answer.source
        answer.source = cell(hand.released[FIRST], "discussion").source

    hand.changed(change)


@situation(WHOLE)
def an_untouched_copy_of_a_cell_below(hand):
    def change(notebook):
        stub = copy.deepcopy(cell(hand.released[FIRST], "predict"))
        notebook.cells.insert(index(notebook, "predict") + 1, stub)

    hand.changed(change)


@situation(WHOLE)
def an_untouched_copy_of_a_cell_above(hand):
    def change(notebook):
        stub = copy.deepcopy(cell(hand.released[FIRST], "predict"))
        notebook.cells.insert(index(notebook, "predict"), stub)

    hand.changed(change)


@situation(REVIEW)
def both_notebooks_in_one(hand):
    """Their cells of the same name stand there twice."""
    both = copy.deepcopy(hand.perfect[FIRST])
    known = {c.id for c in both.cells}
    both.cells += [c for c in copy.deepcopy(hand.perfect[SECOND]).cells if c.id not in known]
    hand.put(f"{FIRST}.ipynb", both), hand.put(f"{SECOND}.ipynb", hand.released[SECOND])


@situation(WHOLE)
def in_a_virtual_environment(hand):
    hand.first(f"venv/{FIRST}.ipynb"), hand.second(f"tp5/env/work/{SECOND}.ipynb")


def stray(hand, place, id, make, notebook=FIRST):
    """The answer `id` moved into a new cell, at an index or at the end."""

    def change(mine):
        answer = cell(mine, id)
        where = len(mine.cells) if place is None else index(mine, place) + 1
        mine.cells.insert(where, make(answer.source))
        cell(mine, id).source = cell(hand.released[notebook], id).source

    hand.changed(change, notebook)


for label, (place, id, make) in {
    "a statement below its test": (None, "interpolate", new_code_cell),
    "a statement in Markdown": ("interpolate", "interpolate", new_markdown_cell),
    "a string below the question": (
        "discussion",
        "discussion",
        lambda text: new_code_cell(f'"""{text}"""'),
    ),
    "a print below the question": (
        "discussion",
        "discussion",
        lambda text: new_code_cell(f"print({text!r})"),
    ),
    "a short text below the question": (
        "discussion",
        "discussion",
        lambda _: new_markdown_cell("The steps were too large."),
    ),
    "a text in Chinese": (
        "discussion",
        "discussion",
        lambda _: new_markdown_cell("步长太大，网络离开了初始化的邻域，核也随之改变"),
    ),
}.items():

    def moved(hand, place=place, id=id, make=make):
        stray(hand, place, id, make)

    SITUATIONS[f"elsewhere_{label.replace(' ', '_')}"] = (REVIEW, moved)


@situation(REVIEW)
def a_photo_below_the_question(hand):
    def change(notebook):
        cell(notebook, "discussion").source = cell(hand.released[FIRST], "discussion").source
        photo = new_markdown_cell("![](attachment:a.png)")
        photo.attachments = {"a.png": {"image/png": "iVBORw0KGgo="}}
        notebook.cells.insert(index(notebook, "discussion") + 1, photo)

    hand.changed(change)


@situation(REVIEW)
def an_import_in_a_locked_cell(hand):
    def change(notebook):
        cell(notebook, "imports").source += "\nfrom numpy.linalg import eigh"
        cell(notebook, "gen_bound").source += "\n\nused = eigh"

    hand.changed(change)


@situation(REVIEW)
def an_answer_in_the_other_notebook(hand):
    mine = {name: copy.deepcopy(notebook) for name, notebook in hand.perfect.items()}
    mine[SECOND].cells.append(new_code_cell(cell(mine[FIRST], "predict").source))
    cell(mine[FIRST], "predict").source = cell(hand.released[FIRST], "predict").source
    for name, notebook in mine.items():
        hand.put(f"{name}.ipynb", notebook)


@situation(REVIEW)
def free_text_in_the_other_notebook(hand):
    mine = {name: copy.deepcopy(notebook) for name, notebook in hand.perfect.items()}
    mine[SECOND].cells.append(new_markdown_cell(cell(mine[FIRST], "discussion").source))
    cell(mine[FIRST], "discussion").source = cell(hand.released[FIRST], "discussion").source
    for name, notebook in mine.items():
        hand.put(f"{name}.ipynb", notebook)


@situation(REVIEW)
def a_helper_below_its_test(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        answer.source = answer.source.replace(":", ":\n    helped(images)", 1)
        notebook.cells.append(new_code_cell("def helped(x):\n    return x"))

    hand.changed(change)


@situation(REVIEW)
def an_answer_begun_and_finished_at_the_end(hand):
    def change(notebook):
        answer = cell(notebook, "predict").source
        notebook.cells.append(new_code_cell(answer))
        cell(notebook, "predict").source = "def predict(net, images):\n    print(images.shape)"

    hand.changed(change)


@situation(WHOLE)
def an_answer_made_markdown_in_a_fence(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        place = index(notebook, "predict")
        made = new_markdown_cell(f"```python\n{answer.source}\n```", metadata=answer.metadata)
        made.id = answer.id
        notebook.cells[place] = made

    hand.changed(change)


@situation(WHOLE)
def lines_without_their_ends(hand):
    def change(notebook):
        for c in notebook.cells:
            c.source = c.source.split("\n")
        return json.dumps(notebook)

    hand.changed(change)


@situation(REVIEW)
def written_into_a_file(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        answer.source = "%%writefile predict.py\n" + answer.source

    hand.changed(change)


@situation(REVIEW)
def run_from_a_file(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        hand.put("my work.py", answer.source)
        answer.source = '%run "my work.py"\nfrom my_work import *'

    hand.changed(change)


@situation(REVIEW)
def a_module_of_their_own(hand):
    def change(notebook):
        answer = cell(notebook, "predict")
        hand.put("my_work.py", answer.source)
        answer.source = "from my_work import predict"

    hand.changed(change)


@situation(REVIEW)
def a_malformed_cell(hand):
    def change(notebook):
        cell(notebook, "predict").source = 7
        return json.dumps(notebook)

    hand.changed(change)


# What deserves nothing waits for nobody


@situation(ZERO)
def an_empty_folder(hand):
    pass


@situation(ZERO)
def only_data(hand):
    hand.put("data.csv", "1,2"), hand.put("timestamp.txt", "2026-11-02 10:00:00 UTC")


@situation(REVIEW)
def only_a_photo(hand):
    hand.put("IMG_2041.HEIC", b"\0\0\0 ftypheic")


DUST = {
    ".DS_Store": b"\0\0\0\1Bud1",
    ".gitignore": "*.pyc",
    "Icon\r": "",
    "~$notes.docx": b"\3Ada",
    "LICENSE": "Permission is hereby granted, free of charge, to any person obtaining a copy of it",
    "README.md": "What this folder holds and how to begin with it, said in more than sixty letters.",
    "requirements.txt": "torch",
    "notes.txt": "todo",
    "data/config.json": "{}",
    "data/FashionMNIST/raw/train-images-idx3-ubyte": b"\0\0\x08\3",
    "venv/pyvenv.cfg": "home = /usr",
    "venv/bin/activate": "export VIRTUAL_ENV",
    "venv/lib/python3.11/site-packages/x.py": "def predict(net, images): pass",
    "helpers.py": "def plot(x):\n    return x",
    "Untitled.ipynb": new_notebook(cells=[new_code_cell("import torch")]),
    "figure.png": b"\x89PNG\r\n",
    ".ipynb_checkpoints/README-checkpoint.md": "x",
    "feedback/1.txt": "x" * 100,
}


@situation("half")
def half_done_beside_dust(hand):
    """What lies beside the work of everybody is no reason to ask."""
    hand.put(f"{FIRST}.ipynb", half(hand, "mlp")), hand.second()
    for name, content in DUST.items():
        hand.put(name, content)


@situation(ZERO)
def untouched_beside_dust(hand):
    untouched(hand)
    for name, content in DUST.items():
        hand.put(name, content)


@situation(ZERO)
def untouched_with_names_and_a_badge(hand):
    for name, notebook in hand.released.items():
        mine = copy.deepcopy(notebook)
        badge = (
            '<a href="https://colab.research.google.com/github/ada/tp5/blob/main/1.ipynb">open</a>'
        )
        group = "Ada Lovelace, Charles Babbage, group seven of the Tuesday course, ada@example.org"
        mine.cells[:0] = [new_markdown_cell(badge), new_markdown_cell(group)]
        hand.put(f"{name}.ipynb", mine)


@situation(ZERO)
def answer_cells_deleted(hand):
    for name, notebook in hand.released.items():
        mine = copy.deepcopy(notebook)
        mine.cells = [c for c in mine.cells if "YOUR " not in c.source]
        hand.put(f"{name}.ipynb", mine)


@situation(ZERO)
def scratch_in_an_untouched_notebook(hand):
    untouched(hand)
    mine = copy.deepcopy(hand.released[FIRST])
    mine.cells.append(new_code_cell("train = 3\npredict = [1, 2]"))
    hand.put(f"{FIRST}.ipynb", mine)


@situation(ZERO)
def untouched(hand):
    for name, notebook in hand.released.items():
        hand.put(f"{name}.ipynb", notebook)


@situation(ZERO)
def untouched_and_renamed(hand):
    for name, notebook in hand.released.items():
        hand.put(f"{name} (1).ipynb", notebook)


@situation(ZERO)
def untouched_and_tidied(hand):
    for name, notebook in hand.released.items():
        tidy = copy.deepcopy(notebook)
        for c in tidy.cells:
            if "YOUR CODE HERE" in c.source:
                c.source = c.source.replace("raise NotImplementedError()", "pass  # later")
        hand.put(f"{name}.ipynb", tidy)


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_situation(name, tmp_path, look, perfect, released):
    wanted, make = SITUATIONS[name]
    folder = tmp_path / "tp5-ntk"
    folder.mkdir()
    make(Hand(folder, perfect, released))
    outcome, finding = look(folder)
    if wanted == "elsewhere":  # an answer that runs as the student's own cell
        assert outcome == "lost" and not finding.review
        return
    if wanted == "half":
        assert outcome == "lost" and not finding.review, finding.review
        return
    assert outcome == wanted, finding.incidents + finding.review


def test_what_is_no_plain_reading_is_said(tmp_path, look, perfect, released):
    hand = Hand(tmp_path, perfect, released)
    hand.first("tp5/mine (1).ipynb"), hand.second()
    _, finding = look(tmp_path)
    assert any(f"tp5/mine (1).ipynb was taken for {FIRST}.ipynb" in t for t in finding.incidents)
    hand.put("rest.pdf", b"%PDF-1.7")
    outcome, finding = look(tmp_path)
    assert outcome == WHOLE  # all is answered: nothing is missing that could be in it
    assert any(t.startswith("rest.pdf was not used") for t in finding.incidents)


def test_what_was_settled_holds_until_something_else_comes(tmp_path, exam, perfect, released):
    hand = Hand(tmp_path, perfect, released)
    hand.put(f"{FIRST}.ipynb", half(hand, "mlp"))
    other = hand.put("b.ipynb", half(hand, "predict"))
    hand.second()
    before = read_submission(tmp_path, exam)
    assert before.review
    decision = Settled(before.digest, {FIRST: "b.ipynb"})
    after = read_submission(tmp_path, exam, decision)
    assert not after.review and after.files[FIRST] == other.read_bytes()
    assert after.stamp() != before.stamp()
    hand.put("c.ipynb", half(hand, "train"))
    assert read_submission(tmp_path, exam, decision).review


# docs/settling.md says what becomes of each of these; its rows, and the situations that show them.
TAKEN = {
    "another name": ("renamed_browser", "renamed_second-ending", "renamed_no-ending"),
    "a sub-folder": ("in_a_folder", "in_a_zip"),
    "beside an untouched original": ("beside_an_untouched_original", "twice_the_same"),
    "only in `.ipynb_checkpoints`": ("only_in_checkpoints", "an_older_checkpoint_beside_it"),
    "a text that jupytext wrote": ("as_py_percent", "as_md_myst"),
    "a byte order mark": ("in_utf-8-sig", "in_utf-16", "with_windows_line_ends"),
    "merge marks around outputs": ("merge_conflict_in_a_counter",),
    "an untouched copy": ("an_untouched_copy_of_a_cell_above", "an_untouched_copy_of_a_cell_below"),
    "an answer in a cell of its own": ("answer_above_its_cell",),
}
LOOKED_AT = {
    "two files that answer": (
        "two_copies_with_different_answers",
        "half_in_one_copy_and_half_in_another",
    ),
    "damaged JSON": ("cut_off_in_the_middle", "with_trailing_commas", "with_doubled_keys"),
    "cells without names": ("cells_without_names", "as_nbconverts_script"),
    "a PDF, a web page": ("in_its_place_pdf", "in_its_place_web_page", "a_locked_zip"),
    "an answer in Markdown": ("answer_in_new_markdown_cell", "free_text_in_another_cell"),
    "an answer that leans": (
        "a_module_of_their_own",
        "an_import_in_a_locked_cell",
        "a_helper_below_its_test",
    ),
}


def test_the_page_for_instructors_says_what_is_done():
    page = (ROOT / "docs" / "settling.md").read_text()
    first, second = page.split("## What waits for you")
    for part, rows, outcomes in (
        (first, TAKEN, {WHOLE, "elsewhere"}),
        (second, LOOKED_AT, {REVIEW}),
    ):
        lines = [x[2:] for x in part.splitlines() if x.startswith("| ") and "what came" not in x]
        assert len(lines) == len(rows)
        for line, (head, names) in zip(lines, rows.items(), strict=True):
            assert line.startswith(head)
            assert {SITUATIONS[name][0] for name in names} <= outcomes
