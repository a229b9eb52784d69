"""Finding and reading against files that mean harm: limits hold, links are not followed, nothing is
written, and neither locked cells nor a second answer get in."""

from __future__ import annotations

import io
import json
import os
import struct
import time
import zipfile
import zlib
from contextlib import suppress

import pytest

from autograder.submission import entries as entries_module
from autograder.submission.decode import Unreadable
from autograder.submission.entries import MAX_DEPTH, MAX_FILES, entries_of
from autograder.submission.files import Settled, read_submission
from autograder.submission.read import parse
from autograder.submission.rebuild import rebuild
from autograder.submission.repair import load
from autograder.submission.texts import notebook_of
from tests.conftest import FIRST, SECOND

SECRET = "the gradebook"


def zipped(members, method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def one_answer(released, text: str) -> str:
    notebook = json.loads(json.dumps(released[SECOND]))
    for cell in notebook["cells"]:
        if cell["id"] == "minimum_norm":
            cell["source"] = text
    return json.dumps(notebook)


def test_links_and_special_files_are_not_followed(tmp_path, exam):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{FIRST}.ipynb").write_text(SECRET)
    folder = tmp_path / "in"
    (folder / "real").mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / f"{FIRST}.ipynb").symlink_to(outside / f"{FIRST}.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    os.link(outside / f"{FIRST}.ipynb", folder / "real" / "same.txt")  # a file as any other
    found = entries_of(folder)
    assert [e.name for e in found.files] == ["real/same.txt"]
    assert set(found.closed) == {"link", f"{FIRST}.ipynb", "pipe.ipynb"}
    assert read_submission(folder, exam).review


def test_a_submission_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.ipynb").write_text(SECRET)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert entries_of(tmp_path / "link").files == []


@pytest.mark.parametrize(
    "name", ["../../escape.ipynb", "/etc/escape.ipynb", "C:\\escape.ipynb", "a\\..\\escape.ipynb"]
)
def test_no_member_of_a_zip_leaves_the_memory(tmp_path, exam, name):
    (tmp_path / "work.zip").write_bytes(zipped([(name, "{}")]))
    before = sorted(tmp_path.rglob("*"))
    read_submission(tmp_path, exam)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_read_to_its_limit_only(tmp_path, monkeypatch):
    monkeypatch.setattr(entries_module, "MAX_BYTES", 2**20)
    monkeypatch.setattr(entries_module, "MAX_TOTAL", 3 * 2**20)
    bomb = [(f"{i}.ipynb", b"\0" * (2**20 + 1)) for i in range(40)]
    (tmp_path / "bomb.zip").write_bytes(zipped([*bomb, ("late.ipynb", "{}")]))
    found = entries_of(tmp_path)
    assert found.files == []  # what was refused counts as well: nothing is left for the last one
    assert sum(map(len, found.closed.values())) < 10_000


def test_more_files_than_anybody_hands_in(tmp_path, exam):
    members = [(f"{i}.ipynb", "{}") for i in range(MAX_FILES + 50)]
    (tmp_path / "many.zip").write_bytes(zipped(members))
    found = entries_of(tmp_path)
    assert len(found.files) == MAX_FILES
    assert "more than" in found.closed["many.zip"]
    for i in range(MAX_FILES + 50):
        (tmp_path / f"{i}.ipynb").touch()
    assert len(entries_of(tmp_path).closed) <= entries_module.MAX_SENTENCES + 1
    assert len(read_submission(tmp_path, exam).incidents) < 3 * entries_module.MAX_SENTENCES


def test_a_list_of_members_without_end_is_not_read(tmp_path):
    members = [(f"{i:050d}", "") for i in range(20_000)]
    (tmp_path / "list.zip").write_bytes(zipped(members, zipfile.ZIP_STORED))
    began = time.process_time()
    assert entries_of(tmp_path).files == []
    assert time.process_time() - began < 1


def sixty_four() -> bytes:
    data = zipped([("a.ipynb", "{}")])
    end = data.index(b"PK\5\6")
    return data[:end] + b"PK\6\7" + b"\0" * 16 + data[end:]


def encrypted() -> bytes:
    data = bytearray(zipped([("a.ipynb", "{}")]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def a_link() -> bytes:
    info = zipfile.ZipInfo("a.ipynb")
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def damaged() -> bytes:
    data = zipped([("a.ipynb", b"{}" * 5000)])
    return data[:45] + bytes([data[45] ^ 0xFF]) + data[46:]


@pytest.mark.parametrize(
    "data",
    [
        zipped([("a.ipynb", "{}")], zipfile.ZIP_BZIP2),
        zipped([("a.ipynb", "{}")], zipfile.ZIP_LZMA),
        zipped([("b.zip", zipped([("a.ipynb", "{}")]))]),
        sixty_four(),
        encrypted(),
        a_link(),
        damaged(),
        b"PK\3\4" + b"\0" * 500,
        zipped([("[Content_Types].xml", ""), ("a.ipynb", "{}")]),
    ],
    ids=["bzip2", "lzma", "nested", "64", "password", "link", "damaged", "noise", "office"],
)
def test_a_zip_that_is_not_opened_is_named(tmp_path, exam, data):
    (tmp_path / "work.zip").write_bytes(data)
    found = read_submission(tmp_path, exam)
    assert not any(found.files.values())
    assert found.review and any("work.zip" in text for text in found.incidents)


def test_names_give_no_orders_to_a_terminal_or_a_page(tmp_path, exam):
    names = ["\x1b[2J.ipynb", "a\nb.ipynb", "\u202egpj.ipynb", "x" * 200 + ".ipynb"]
    for name in names:
        (tmp_path / name).write_text("{")
    data = zipped([("Nhidden.ipynb", "{}"), ("<img src=x>.ipynb", "{}")])
    (tmp_path / "work.zip").write_bytes(data.replace(b"Nhidden", b"\0hidden"))
    found = read_submission(tmp_path, exam)
    said = "".join(found.incidents + found.review)
    assert not any(sign in said for sign in "\x1b\n\0\u202e")
    assert max(map(len, found.incidents)) < 700


def test_a_folder_without_a_bottom(tmp_path):
    deep = tmp_path
    for _ in range(MAX_DEPTH + 5):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.ipynb").write_text("{}")
    found = entries_of(tmp_path)
    assert found.files == [] and "deeper than" in "".join(found.closed.values())


@pytest.mark.parametrize(
    "text",
    [
        '"' + '\\"' * 200_000,
        '"' * 200_001,
        "{" + "," * 400_000,
        "{" + ", " * 200_000 + "x",
        '{"cells": [' + "{}, " * 100_000 + "<",
        "\n<<<<<<<" * 50_000,
        "\n<<<<<<< a\n=======\n>>>>>>> b" * 20_000,
        "[" * 500_000,
        '{"a":' * 100_000,
        '{"cells": [' + '{"cells": [' * 50_000,
        '"cells"' + " " * 400_000,
        '{"cells": [1' + " " * 400_000 + "}",
    ],
    ids=lambda text: repr(text[:14]),
)
def test_repairing_takes_no_time_and_ends_in_a_sentence(text):
    began = time.process_time()
    with suppress(Unreadable, RecursionError):
        load(text)
    assert time.process_time() - began < 5  # the square of such a length takes minutes
    assert parse(text.encode()).review or parse(text.encode()).cells


@pytest.mark.parametrize(
    "text",
    [
        "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n```{code-cell}\nx\n```\n",
        "```{code-cell} python\n---\na: &a [x]\nb: [*a, *a]\n---\nx\n```\n",
        "# %%\n" * 30_000,
        "```{code-cell}\n---\n" + "[" * 50_000 + "\n---\nx\n```\n",
        "# ---\n" + "# a\n" * 10_000 + "# %%\nx\n",
        "+++ {" + '"a": {' * 20_000 + "\n```{code-cell}\n1\n```\n",
    ],
    ids=lambda text: repr(text[:14]),
)
def test_texts_that_multiply_or_nest(text):
    began = time.process_time()
    made = notebook_of("a.md" if "```" in text else "a.py", text.encode())
    assert time.process_time() - began < 10
    assert made is None or len(made) < 20 * len(text) + 10_000


def test_a_repaired_file_brings_no_locked_cell(exam, released):
    """Repairing gives cells, never their rights: tests and points are the master's."""
    notebook = json.loads(one_answer(released, "pass"))
    for cell in notebook["cells"]:
        if cell["id"].startswith("test_"):
            cell["source"] = "100"
            cell["metadata"]["nbgrader"]["points"] = 100
    text = json.dumps(notebook).replace("]}", "],}", 1)
    submission = parse(text.encode())
    assert submission.review
    rebuilt = rebuild(exam.notebook(SECOND), submission)
    mine = {c.id: c for c in exam.notebook(SECOND).fresh().cells}
    for cell in rebuilt.notebook.cells:
        if cell.id.startswith("test_"):
            assert cell == mine[cell.id]


def test_of_two_answers_that_contradict_each_other_a_person_chooses(tmp_path, exam, released):
    """Handing in two is no way to have the better one taken."""
    for name, text in (("a", "def minimum_norm(X, Y, w0):\n    return 1"), ("b", "x = 2")):
        (tmp_path / f"{name}.ipynb").write_text(one_answer(released, text))
    assert read_submission(tmp_path, exam).review


def test_a_decision_does_not_outlive_any_change_of_the_files(tmp_path, exam, released):
    """Nothing can be put in place of what an instructor has looked at."""
    good, bad = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    good.write_text(one_answer(released, "x = 1"))
    bad.write_text(one_answer(released, "x = 2"))
    decision = Settled(read_submission(tmp_path, exam).digest, {SECOND: "a.ipynb"}, True)
    assert not read_submission(tmp_path, exam, decision).review
    bad.write_text(one_answer(released, "x = 3"))
    assert read_submission(tmp_path, exam, decision).review
    bad.write_text(one_answer(released, "x = 2"))
    good.write_text(one_answer(released, "x = 4"))
    assert read_submission(tmp_path, exam, decision).review


def test_a_decision_takes_only_what_lies_in_the_submission(tmp_path, exam):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.ipynb").write_text(SECRET)
    digest = entries_of(folder).digest
    for name in ("../secret.ipynb", str(tmp_path / "secret.ipynb")):
        found = read_submission(folder, exam, Settled(digest, {FIRST: name}))
        assert found.files[FIRST] is None


def test_shared_streams_of_a_zip_count_each_time(tmp_path, monkeypatch):
    """Members that overlap make much of little."""
    monkeypatch.setattr(entries_module, "MAX_TOTAL", 2**20)
    body = zlib.compress(b"\0" * 300_000)[2:-4]
    crc = zlib.crc32(b"\0" * 300_000)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), 300_000, 1, 0)
    head = b"".join(
        struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(body), 300_000, 1, 0, 0, 0, 0, 0, 0),
        )
        + b"a"
        for _ in range(50)
    )
    start = local + b"a" + body
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 50, 50, len(head), len(start), 0)
    (tmp_path / "work.zip").write_bytes(start + head + end)
    assert sum(len(e.data) for e in entries_of(tmp_path).files) <= 2**20


def within(seconds: float):
    """Processor time: the machine may be busy."""
    began = time.process_time()
    return lambda: time.process_time() - began < seconds


PARTS = {
    "objects": b'{"nbformat": 4, "cells": [' + b"{}," * 5_000_000 + b"{}]}",
    "lists": b'{"nbformat": 4, "cells": [' + b"[]," * 5_000_000 + b"[]]}",
    "strings, damaged": b'{"cells": [' + b'""' * 5_000_000,
    "no Unicode": b"{" + b"\x81" * 5_000_000,
    "half pairs": b"\xff\xfe" + b"\x00\xd8" * 5_000_000,
    "long numbers": b'{"cells": [' + b"9" * 5_000_000 + b"]}",
}


@pytest.mark.parametrize("data", PARTS.values(), ids=PARTS)
def test_much_of_little_is_refused_before_it_is_read(data):
    quick = within(5)
    assert parse(data).review
    assert quick()


@pytest.mark.parametrize(
    "line", ["# %%\n", "# %% [markdown]\n", "```{code-cell}\n```\n", "```python\n```\n"]
)
def test_texts_of_many_cells_are_no_work(line):
    quick = within(3)
    assert notebook_of("a.py" if line[0] == "#" else "a.md", line.encode() * 9_000) is None
    assert quick()


def cells_of(*sources: str, id: str | None = None) -> str:
    cells = [
        {"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
        | ({"id": id} if id else {})
        for s in sources
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_much_code_is_not_parsed_again_and_again(tmp_path, exam):
    big = "x = [" + "1, " * 60_000 + "]\n"
    (tmp_path / "own.ipynb").write_text(cells_of(*[big + str(i) for i in range(60)]))
    (tmp_path / "copies.ipynb").write_text(cells_of(*[big] * 30, id="minimum_norm"))
    quick = within(20)
    found = read_submission(tmp_path, exam)
    for name, data in found.files.items():
        rebuild(exam.notebook(name), parse(data))
    assert quick()


@pytest.mark.parametrize(
    "answer",
    [
        "x = a" + ".b" * 1500,
        "x = f" + "()" * 1500,
        "if a:\n    pass\n" + "elif a:\n    pass\n" * 700,
        "x = " + "-" * 900 + "1",
        "x = " + "(" * 199 + ")" * 199,
    ],
    ids=["attributes", "calls", "elif", "minus", "brackets"],
)
def test_code_that_nests_deeply_is_an_answer_as_any_other(tmp_path, exam, released, answer):
    (tmp_path / "mine.ipynb").write_text(one_answer(released, answer))
    found = read_submission(tmp_path, exam)
    rebuilt = rebuild(exam.notebook(SECOND), parse(found.files[SECOND]))
    assert answer in {cell.source for cell in rebuilt.notebook.cells}


def test_names_that_are_no_unicode(tmp_path, exam, released):
    folder = os.fsencode(tmp_path)
    for name in (b"\xff.png", b"\xff.ipynb", b"\xfe.ipynb"):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(b"{")
    (tmp_path / os.fsdecode(b"\xffdir")).mkdir()
    with open(os.path.join(folder, b"\xffdir", b"a.ipynb"), "w") as file:
        file.write(one_answer(released, "x = 1"))
    found = read_submission(tmp_path, exam)
    assert found.files[SECOND] and json.dumps(found.incidents)
    "".join(found.incidents + found.review).encode()  # no half signs


def test_what_is_shown_below_a_question_is_little(exam, released):
    names = "def minimum_norm(\ndef gradient_descent(\ndef lazy_directions(\n" + "x" * 9_000
    notebook = json.loads(json.dumps(released[SECOND]))
    notebook["cells"] += [
        {"cell_type": "markdown", "source": f"{names} {i}", "metadata": {}} for i in range(800)
    ]
    quick = within(10)
    rebuilt = rebuild(exam.notebook(SECOND), parse(json.dumps(notebook).encode()))
    assert len(rebuilt.notebook.cells) < 800 + 100 and len(rebuilt.review) < 20
    assert quick()


def test_a_notebook_of_malformed_cells_is_for_a_person(tmp_path, exam):
    cells = [{"cell_type": "code", "source": 7}] * 1000
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    (tmp_path / "mine.ipynb").write_text(text)
    assert read_submission(tmp_path, exam).review
    assert len(parse(text.encode()).review) < 20


def test_two_files_never_have_the_same_name_in_a_sentence(tmp_path):
    for name in ("my work.ipynb", "my\u2003work.ipynb", "my  work.ipynb"):
        (tmp_path / name).write_text("{}")
    assert len({entry.shown for entry in entries_of(tmp_path).files}) == 3


def test_what_is_accepted_stays_when_only_times_change(tmp_path, exam, released):
    """Of two files the newer one may have been taken; touching the other changes nothing."""
    for name, text, when in (("a", "x = 1", 2000), ("b", "x = 2", 1000)):
        (tmp_path / f"{name}.ipynb").write_text(one_answer(released, text))
        os.utime(tmp_path / f"{name}.ipynb", (when, when))
    before = read_submission(tmp_path, exam)
    decision = Settled(before.digest, before.taken, True)
    os.utime(tmp_path / "b.ipynb", (3000, 3000))
    after = read_submission(tmp_path, exam, decision)
    assert before.taken == {SECOND: "a.ipynb"}
    assert after.accepted and after.files[SECOND] == before.files[SECOND]
