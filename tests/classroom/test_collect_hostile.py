"""`ntk collect`: files that are refused or made harmless, archives that cannot be used, runs that
end early."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from random import Random

import pytest

from autograder.classroom import members
from autograder.cli import main
from demo.light import LIGHT
from tests.helpers.archives import (
    NB,
    PEOPLE,
    collect,
    many_members,
    moodle,
    pack,
    stamp,
    submitted,
)


def test_students_files_that_are_refused_or_made_harmless(
    course, people, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(members, "FILE_BYTES", 300_000)
    monkeypatch.setattr(members, "RATIO_FROM", 100_000)
    names = "abcdefghijklm"
    listed = "".join(f"Eve {c},Evil,{c}@x.org,eve-{c}\n" for c in names)
    Path(people.partition("=")[2]).write_text(PEOPLE + listed)

    def eve(letter: str, *file: str) -> str:
        return moodle(f"Eve {letter} Evil", 10 + names.index(letter), *file)

    link = zipfile.ZipInfo(eve("d", "nb.ipynb"))
    link.external_attr = 0o120777 << 16
    encrypted = zipfile.ZipInfo(eve("e", "nb.ipynb"))
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(moodle("Ada Lovelace", 1, NB), b"fine")
        archive.writestr(eve("a", "big.bin"), bytes(400_000), zipfile.ZIP_STORED)
        archive.writestr(eve("b", "zeros"), bytes(200_000), zipfile.ZIP_DEFLATED)
        archive.writestr(eve("c", "..", moodle("Ada Lovelace", 1, NB)), b"out")
        archive.writestr(link, "/etc/passwd")
        archive.writestr(encrypted, b"secret")
        archive.writestr(eve("f", "nb.ipynb"), b"x", zipfile.ZIP_LZMA)
        archive.writestr(eve("g", "C:\\nb.ipynb"), b"x")
        nul = zipfile.ZipInfo("x")
        nul.filename = eve("h", "nb.ipynb\0.png")
        archive.writestr(nul, b"x")
        archive.writestr(eve("i", *("d" * 20)), b"x")
        archive.writestr(eve("j", "esc\x1b[2J.ipynb"), b"x")
        archive.writestr(eve("k", "n" * 300), b"x")
        archive.writestr(eve("l", "a"), b"x")
        archive.writestr(eve("l", "a", "b"), b"x")
        archive.writestr(eve("m", "sub\\nb.ipynb"), b"x")
        archive.writestr("/etc/cron.d/x", b"x")
        # harmless, and hers
        archive.writestr(moodle("Grace Hopper", 2, moodle("Ada Lovelace", 1, NB)), b"hers")
        archive.writestr(moodle("Grace Hopper", 2, "timestamp.txt"), "1990-01-01 00:00:00 UTC")
    flagged = bytearray(path.read_bytes())  # say that it is encrypted, where both headers say it
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = 0
        while (start := flagged.find(head, start)) >= 0:
            if flagged[start:].split(b"PK", 2)[1].find(b"Eve e Evil") >= 0:
                flagged[start + flags] |= 1
            start += 4
    path.write_bytes(flagged)

    said = collect(capsys, course, path, people)
    assert said["code"] == 1 and said["collected"] == ["ada", "grace"] and not said["unmatched"]
    words = {
        "eve-a": "a file of more than",
        "eve-b": "packed size",
        "eve-c": "leads out",
        "eve-d": "link",
        "eve-e": "encrypted",
        "eve-f": "no platform uses",
        "eve-g": "leads out",
        "eve-h": "control character",
        "eve-i": "too deep",
        "eve-j": "control character",
        "eve-k": "too long",
        "eve-l": "two files",
        "eve-m": "backslash",
        "others": "leads out",
    }
    failed = {label.partition(" ")[0]: why for label, why in said["failed"].items()}
    assert failed.keys() == words.keys()
    for student, word in words.items():
        assert word in failed[student], student
    assert submitted(course, "ada") == {NB: b"fine"}
    assert submitted(course, "grace") == {
        moodle("Ada Lovelace", 1, NB): b"hers",
        "submitted-timestamp.txt": b"1990-01-01 00:00:00 UTC",
    }
    assert not stamp(course, "grace").startswith("1990")
    assert {p.name for p in (course / "submitted").iterdir()} == {"ada", "grace"}
    assert {p.name for p in tmp_path.iterdir()} == {"a.zip", "course", "people.csv"}

    assert main(["collect", LIGHT, str(path), "--course", str(course), people]) == 1
    out = capsys.readouterr().out
    assert "\x1b[2J" not in out and "2 unchanged" in out and "14 failed" in out


def test_a_student_cannot_use_up_what_all_have(course, people, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(members, "STUDENT_BYTES", 1000)
    monkeypatch.setattr("autograder.classroom.entries.FILES", 3)
    files = {moodle("Kim Lee", 1, str(n)): b"x" for n in range(4)}
    files |= {moodle("Ada Lovelace", 2, str(n)): bytes(600) for n in range(2)}
    files[moodle("Grace Hopper", 3, NB)] = bytes(600)
    said = collect(capsys, course, pack(tmp_path / "a.zip", files), people, "--match=1=kim1")
    assert said["collected"] == ["grace"]
    assert "more than 3 files" in said["failed"]["kim1 (Kim Lee_1)"]
    assert "in all" in said["failed"]["ada (Ada Lovelace_2)"]
    monkeypatch.setattr(members, "TOTAL_BYTES", 700)
    said = collect(capsys, course, pack(tmp_path / "a.zip", files), people, "--match=1=kim1")
    assert "split it" in said["failed"]["grace (Grace Hopper_3)"]


def test_links_and_special_files_in_a_folder(course, people, tmp_path, capsys):
    folder = tmp_path / "all"
    for name, number in (("Ada Lovelace", 1), ("Grace Hopper", 2), ("José Núñez ONeill", 3)):
        (folder / moodle(name, number)).mkdir(parents=True)
    (folder / moodle("Ada Lovelace", 1) / NB).symlink_to(course / "nbgrader_config.py")
    os.mkfifo(folder / moodle("Grace Hopper", 2) / NB)
    (folder / moodle("José Núñez ONeill", 3) / NB).write_bytes(b"fine")
    (folder / moodle("José Núñez ONeill", 3) / "up").symlink_to(tmp_path)
    (folder / moodle("Kim Lee", 4)).symlink_to(folder / moodle("José Núñez ONeill", 3))
    said = collect(capsys, course, folder, people)
    assert said["collected"] == []
    assert list(said["failed"].values()) == ["a link or special file"] * 4


@pytest.mark.parametrize("what", ["missing", "text", "cut", "empty", "foreign", "members", "list"])
def test_an_archive_that_cannot_be_used_is_one_line(
    course, people, tmp_path, capsys, monkeypatch, what
):
    path = tmp_path / "a.zip"
    pack(path, {moodle("Ada Lovelace", 1, NB): b"one"})
    words, arguments = "is not a zip", [people]
    if what == "missing":
        path, words = tmp_path / "none.zip", "there is no archive"
    elif what == "text":
        path.write_bytes(b"not a zip")
    elif what == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    elif what == "empty":
        pack(path, {})
        words = "holds nothing that Moodle or Canvas"
    elif what == "foreign":
        pack(path, {"nb.ipynb": b"", "../../x": b""})
        words = "holds nothing that Moodle or Canvas"
    elif what == "members":
        many_members(path, 100_000)
        words = "more files than a class"
    else:
        monkeypatch.setattr("autograder.classroom.archive.MEMBERS", 1000)
        many_members(path, 1001)
        words = "more files than a class"
    assert main(["collect", LIGHT, str(path), "--course", str(course), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and words in err and len(err.splitlines()) == 1
    assert not (course / "submitted").exists() and not (course / ".ntk" / "collected").exists()


def test_a_damaged_archive_breaks_nothing(course, people, tmp_path, capsys):
    name = moodle("Ada Lovelace", 1, "sub", NB)
    files = {name: b"one" * 50, f"lovelaceada_1_2_{NB}": b"two", moodle("Kim Lee", 2, "x"): b""}
    whole = pack(tmp_path / "a.zip", files).read_bytes()
    random = Random(1)
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(random.choice([1, 2, 20])):
            data[random.randrange(len(data))] = random.choice([0, 255, 46, 47, 92])
        (tmp_path / "b.zip").write_bytes(data)
        command = ["collect", LIGHT, str(tmp_path / "b.zip"), people, "--course", str(course)]
        assert main(command) in (1, 2)
        err = capsys.readouterr().err
        assert len(err.splitlines()) <= 1
    assert {p.name for p in tmp_path.iterdir()} == {"a.zip", "b.zip", "course", "people.csv"}
    empty = pack(tmp_path / "c.zip", {name: b"one", "": b"a file without a name"})
    assert collect(capsys, course, empty, people)["code"] == 1


def test_a_run_that_was_killed_leaves_nothing_and_another_is_waited_for(
    course, people, tmp_path, capsys, monkeypatch
):
    left = course / "submitted" / ".collecting-dead" / "0"
    left.mkdir(parents=True)
    (left / NB).write_bytes(b"half")
    archive = pack(
        tmp_path / "a.zip",
        {moodle("Ada Lovelace", 1, NB): b"one", moodle("Grace Hopper", 2, NB): b"two"},
    )
    from autograder.classroom import collect as module

    def full(new, target, kept):
        if "grace" in str(target):
            raise OSError(28, "No space left on device", str(target))
        return put(new, target, kept)

    put = module.put
    monkeypatch.setattr(module, "put", full)
    command = ["collect", LIGHT, str(archive), people, "--course", str(course)]
    assert main(command) == 2
    assert "No space left" in capsys.readouterr().err
    assert submitted(course, "ada") == {NB: b"one"}
    assert [p.name for p in (course / "submitted").iterdir()] == ["ada"]
    monkeypatch.undo()
    said = collect(capsys, course, archive, people)
    assert said["unchanged"] == ["ada"] and said["collected"] == ["grace"]

    with module._locked(course / ".ntk" / "collected"):
        assert main(command) == 2
    assert "another command" in capsys.readouterr().err
