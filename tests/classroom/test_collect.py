"""`ntk collect`: archives as Moodle and Canvas make them into `submitted/`, hostile ones, and the
way back of the feedback."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
import zipfile
from pathlib import Path
from random import Random

import pytest
from nbgrader.utils import parse_utc

from autograder.classroom import members
from autograder.cli import main
from demo.light import LIGHT, NOTEBOOK, make_light_course
from tests.helpers.archives import (
    EVENING,
    NOON,
    collect,
    everything,
    many_members,
    moodle,
    pack,
    submitted,
)

SECOND = "2-more_work"
NB = f"{NOTEBOOK}.ipynb"
PEOPLE = (
    "First name,Last name,Email address,ID number\n"
    "Ada,Lovelace,ada@example.org,ada\n"
    "Grace,Hopper,grace@example.org,grace\n"
    "José,Núñez O'Neill,jose@example.org,jose\n"
    "Kim,Lee,kim1@example.org,kim1\n"
    "Kim,Lee,kim2@example.org,kim2\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab (77)\n"
    "    Points Possible,,,,,10\n"
    '"Lovelace, Ada",11,s1,ada,one,\n'
    '"Hopper, Grace",12,s2,grace,one,\n'
    '"Núñez, José",13,s3,jose,one,\n'
    '"Student, Test",99,,,one,\n'
)


@pytest.fixture
def course(tmp_path):
    made = make_light_course(tmp_path / "course")
    source = made / "source" / LIGHT
    shutil.copy(source / NB, source / f"{SECOND}.ipynb")
    return made


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return f"--students={path}"


@pytest.fixture
def canvas(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS)
    return f"--students={path}"


def stamp(course: Path, student: str) -> str:
    return (course / "submitted" / student / LIGHT / "timestamp.txt").read_text()


def unmatched(course: Path) -> dict[str, bytes]:
    found = everything(course / ".ntk" / "collected" / LIGHT / "unmatched")
    return {name: data for name, data in found.items() if not name.endswith("timestamp.txt")}


def replaced(course: Path) -> dict[str, bytes]:
    found = everything(course / ".ntk" / "collected" / LIGHT / "replaced")
    return {name.partition("/")[2]: data for name, data in found.items()}


@pytest.mark.parametrize("end", ["_/", "/", "_"], ids=["folders", "moodle-4.1", "no-folders"])
@pytest.mark.parametrize("top", ["", "Lab 1-light-77/", "a/b/"])
def test_moodle(course, people, tmp_path, capsys, end, top):
    files = {
        moodle("Ada Lovelace", 1001, NB, end=end): b"one",
        moodle("Ada Lovelace", 1001, f"{SECOND}.ipynb", end=end): b"two",
        moodle("Ada Lovelace", 1001, "my data.csv", end=end): b"data",
        moodle("Ada Lovelace", 1001, "onlinetext.html", kind="onlinetext", end=end): b"<p>",
        moodle("José Núñez ONeill", 1002, NB, end=end): b"three",
    }
    archive = pack(tmp_path / "all.zip", {top + name: data for name, data in files.items()})
    said = collect(capsys, course, archive, people)
    assert said["code"] == 0 and said["collected"] == ["ada", "jose"] and not said["notes"]
    assert not said["one_time"]
    assert submitted(course, "ada") == {
        NB: b"one",
        f"{SECOND}.ipynb": b"two",
        "my data.csv": b"data",
        "onlinetext.html": b"<p>",
    }
    assert submitted(course, "jose") == {NB: b"three"}
    assert (course / ".ntk").stat().st_mode & 0o77 == 0
    assert stamp(course, "ada") == "2026-11-03 12:00:00.000000 UTC"
    assert str(parse_utc(stamp(course, "ada"))) == "2026-11-03 12:00:00"
    assert {p.name for p in (course / "submitted").iterdir()} == {"ada", "jose"}


def test_an_unpacked_archive_and_what_a_mac_adds(course, people, tmp_path, capsys):
    pack(
        tmp_path / "all.zip",
        {
            moodle("Ada Lovelace", 1, "work", NB): b"one",
            "__MACOSX/" + moodle("Ada Lovelace", 1, f"._{NB}"): b"mac",
            ".DS_Store": b"mac",
        },
    )
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    for archive in (tmp_path / "all.zip", tmp_path / "unpacked"):
        assert collect(capsys, course, archive, people)["code"] == 0
        assert submitted(course, "ada") == {f"work/{NB}": b"one"}


def test_moodle_anonymous_is_nobody_until_the_list_says_who(course, people, tmp_path, capsys):
    archive = pack(tmp_path / "all.zip", {moodle("Participant", 1001, NB): b"one"})
    said = collect(capsys, course, archive, people)
    assert said["code"] == 1 and list(said["unmatched"]) == ["Participant_1001"]
    assert unmatched(course) == {f"Participant_1001/{NB}": b"one"}
    assert not list((course / "submitted").iterdir())

    sheet = tmp_path / "worksheet.csv"  # Moodle's grading worksheet has these numbers
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade\n"
        "Participant 1001,Ada Lovelace,ada@example.org,Submitted,\n"
        "Participant 1002,Ada Lovelace,ada2@example.org,,\n"
    )
    said = collect(capsys, course, archive, f"--students={sheet}")
    assert said["code"] == 0 and said["collected"] == ["ada"]
    assert unmatched(course) == {}


def test_canvas(course, canvas, tmp_path, capsys):
    archive = pack(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_11_501_{NB}": b"one",
            "lovelaceada_11_502_2-More work.ipynb": b"two",
            f"hoppergrace_LATE_12_503_{NOTEBOOK}-2.ipynb": b"three",
            "hoppergrace_LATE_12_504_data-2.csv": b"data",
            f"núñezjosé_13_505_{NOTEBOOK}-1.ipynb": b"four",
            f"núñezjosé_13_506_{NOTEBOOK}-2.ipynb": b"five",
            "núñezjosé_13_text.html": b"<p>",
            "anon_Ab1x9_507_nb.ipynb": b"six",
            "LATE_anon_Ab2x9_508_nb.ipynb": b"seven",
        },
    )
    said = collect(capsys, course, archive, canvas, "--match", "anon_Ab2x9=mary")
    assert said["collected"] == ["ada", "grace", "jose", "mary"] and said["code"] == 1
    assert submitted(course, "ada") == {NB: b"one", f"{SECOND}.ipynb": b"two"}
    assert submitted(course, "grace") == {NB: b"three", "data-2.csv": b"data"}
    assert "late" in " ".join(said["notes"]["grace"]) and NB in " ".join(said["notes"]["grace"])
    # two could be the notebook: neither is made it
    names = {f"{NOTEBOOK}-1.ipynb", f"{NOTEBOOK}-2.ipynb", "text.html"}
    assert submitted(course, "jose").keys() == names
    assert said["unmatched"] == {"anon_Ab1x9": "handed in anonymously"}
    assert submitted(course, "mary") == {"nb.ipynb": b"seven"}
    assert said["one_time"]


def test_a_name_in_utf8_that_the_zip_does_not_call_so(course, canvas, tmp_path, capsys):
    name = f"núñezjosé_13_505_{NB}".encode()
    path = pack(tmp_path / "a.zip", {"x" * len(name): b"one"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    assert collect(capsys, course, path, canvas)["collected"] == ["jose"]


def test_a_name_on_canvas_that_imitates_another_students_file(course, canvas, tmp_path, capsys):
    archive = pack(
        tmp_path / "a.zip",
        {
            f"lovelaceada_11_501_{NB}": b"hers",
            f"lovelaceada_11_12_502_{NB}": b"of 12, who is called lovelaceada_11",
            "hoppergrace_12_503_5_6_notes.txt": b"a file's own numbers are nobody",
            "lovelaceada_12_504_b.ipynb": b"the name and the number contradict",
            "núñezjosé_77_505_b.ipynb": b"a user that the list does not have",
        },
    )
    said = collect(capsys, course, archive, canvas)
    assert submitted(course, "ada") == {NB: b"hers"}
    assert submitted(course, "grace") == {"5_6_notes.txt": b"a file's own numbers are nobody"}
    assert sorted(said["unmatched"].values()) == [
        "the list of students has another number for this name",
        "the name of the file fits several students",
        "the number is one student's and the name another's",
    ]


def test_the_same_again_older_and_newer(course, people, tmp_path, capsys):
    name = moodle("Ada Lovelace", 1001, NB)
    noon = pack(tmp_path / "noon.zip", {name: b"noon"})
    assert collect(capsys, course, noon, people)["collected"] == ["ada"]
    before = everything(course)
    assert collect(capsys, course, noon, people)["unchanged"] == ["ada"]
    same = pack(tmp_path / "same.zip", {name: b"noon"}, EVENING)  # downloaded again
    assert collect(capsys, course, same, people)["unchanged"] == ["ada"]
    assert everything(course) == before

    said = collect(capsys, course, pack(tmp_path / "b.zip", {name: b"later"}, EVENING), people)
    assert said["collected"] == said["replaced"] == ["ada"] and said["code"] == 0
    assert submitted(course, "ada") == {NB: b"later"}
    kept = {f"ada/{NB}": b"noon", "ada/timestamp.txt": b"2026-11-03 12:00:00.000000 UTC"}
    assert replaced(course) == kept

    before = everything(course)
    said = collect(capsys, course, noon, people)
    assert said["older"] == ["ada"] and said["code"] == 0
    assert everything(course) == before


def test_what_was_put_there_by_hand_is_newer(course, people, tmp_path, capsys):
    folder = course / "submitted" / "ada" / LIGHT
    folder.mkdir(parents=True)
    (folder / NB).write_bytes(b"by hand")
    (folder / "timestamp.txt").write_text("some day")
    archive = pack(tmp_path / "a.zip", {moodle("Ada Lovelace", 1, NB): b"noon"})
    assert collect(capsys, course, archive, people)["older"] == ["ada"]
    assert submitted(course, "ada") == {NB: b"by hand"}


def test_unknown_ambiguous_and_double_people(course, people, tmp_path, capsys):
    files = {
        moodle("Kim Lee", 1, NB): b"which",
        moodle("Ada Lovelace", 2, NB): b"first",
        moodle("ADA  lovelace", 3, NB): b"second",
        moodle("Bob Nobody", 4, NB): b"who",
        moodle("Grace Hopper", 5, NB): b"fine",
        "readme.txt": b"nobody's",
    }
    archive = pack(tmp_path / "a.zip", files)
    said = collect(capsys, course, archive, people)
    assert said["code"] == 1 and said["collected"] == ["grace"] and said["failed"] == {}
    why = said["unmatched"]
    assert "2 in the list" in why["Kim Lee_1"] and "nobody" in why["Bob Nobody_4"]
    assert "2 submissions" in why["Ada Lovelace_2"] and "2 submissions" in why["ADA lovelace_3"]
    assert "neither platform" in why["others"]
    assert set(unmatched(course).values()) == set(files.values()) - {b"fine"}

    before = everything(course)
    assert collect(capsys, course, archive, people)["unmatched"] == why
    assert everything(course) == before

    told = ["--match=1=kim2", "--match=Bob Nobody=bob"]
    said = collect(capsys, course, archive, people, *told)
    assert said["collected"] == ["kim2", "bob"] and said["unchanged"] == ["grace"]
    assert len(said["unmatched"]) == 3
    assert set(unmatched(course).values()) == {b"first", b"second", b"nobody's"}


@pytest.mark.parametrize(
    ("data", "arguments", "student"),
    [
        (PEOPLE.encode("utf-8-sig"), (), "jose"),
        (PEOPLE.encode("utf-16"), (), "jose"),
        (PEOPLE.encode("cp1252"), (), "jose"),
        (PEOPLE.replace(",", ";").encode(), (), "jose"),
        (PEOPLE.replace(",", "\t").replace("\n", "\r\n").encode(), (), "jose"),
        (unicodedata.normalize("NFD", PEOPLE).encode(), (), "jose"),
        (PEOPLE.replace("Last name", "SURNAME").replace("José", "  josé ").encode(), (), "jose"),
        (PEOPLE.encode(), ("--id", "Email address"), "jose@example.org"),
        (PEOPLE.replace(",kim2\n", ",\n").replace("jose\n", "j9\n").encode(), (), "j9"),
        (
            re.sub(r",(ada|grace|kim\d)\n", ",\n", PEOPLE.replace("jose\n", "j\n")).encode(),
            (),
            "jose",
        ),
        ((PEOPLE + "José,Núñez O'Neill,jose@example.org,jose\n").encode(), (), "jose"),
        ((PEOPLE + "José,Núñez O'Neill,jose2@example.org,jose\n").encode(), (), None),
        ((PEOPLE + "Another,One,another@example.org,jose\n").encode(), (), None),
        ("Nom,Prénom,Adresse de courriel\nNúñez Oneill,José,jn@x.fr\n".encode(), (), "jn"),
        ('Full name,Username\n"Núñez O\'Neill, José",u7\n'.encode(), (), None),
        ("Full name,Username\nJosé Núñez O'Neill,u7\n".encode(), (), "u7"),
        (b"Full name,Username\nJose Nunez ONeill,u7\n", (), None),
        ("Full name,Username\nJosé Núñez ONeill,../x\n".encode(), (), None),
    ],
)
def test_lists_of_students(course, tmp_path, capsys, data, arguments, student):
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    name = unicodedata.normalize("NFC", "José Núñez ONeill")
    archive = pack(tmp_path / "a.zip", {moodle(name, 1, NB): b"one"})
    said = collect(capsys, course, archive, f"--students={path}", *arguments)
    assert said["collected"] == ([student] if student else [])
    assert len(said["unmatched"]) == (0 if student else 1)


def test_students_files_that_are_refused_or_made_harmless(
    course, people, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(members, "FILE_BYTES", 300_000)
    monkeypatch.setattr(members, "RATIO_FROM", 100_000)
    names = "abcdefghijkl"
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
    assert "\x1b[2J" not in out and "2 unchanged" in out and "13 failed" in out


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


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (None, (), "cannot be read"),
        (b"", (), "no column of names"),
        (b"a,b\n1,2\n", (), "no column of names"),
        (b"First name,Last name\nAda,Lovelace\n", (), "no column for nbgrader's ids"),
        (PEOPLE.encode(), ("--id", "Login"), "no column 'Login'"),
        (PEOPLE.encode(), ("--match", "Ada=../x"), "cannot be a student's id"),
        (b"PK\3\4\0\0\0\0\xff\xfe\0", (), "not a CSV"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_line(course, tmp_path, capsys, text, arguments, words):
    path = tmp_path / "list.csv"
    if text is not None:
        path.write_bytes(text)
    archive = pack(tmp_path / "a.zip", {moodle("Ada Lovelace", 1, NB): b"one"})
    command = ["collect", LIGHT, str(archive), f"--students={path}", "--course", str(course)]
    assert main([*command, *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and words in err and len(err.splitlines()) == 1
    assert not (course / "submitted").exists()


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


def test_times_are_read_in_the_courses_zone(course, people, tmp_path, capsys):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Exchange.timezone = 'Europe/Paris'\n")
    archive = pack(tmp_path / "a.zip", {moodle("Ada Lovelace", 1, NB): b"one"}, NOON)
    collect(capsys, course, archive, people)
    assert stamp(course, "ada") == "2026-11-03 11:00:00.000000 UTC"
    future = pack(
        tmp_path / "b.zip", {moodle("Ada Lovelace", 1, NB): b"two"}, (2107, 1, 1, 0, 0, 0)
    )
    collect(capsys, course, future, people)
    assert not stamp(course, "ada").startswith("2107")


def test_feedback_goes_back_under_moodles_names(course, people, tmp_path, capsys):
    target = tmp_path / "feedback.zip"
    command = ["export", LIGHT, "--format", "moodle-feedback", "--to", str(target)]
    command += ["--course", str(course)]
    archive = pack(
        tmp_path / "a.zip",
        {
            moodle("Ada Lovelace", 1001, NB): b"one",
            moodle("Grace Hopper", 1002, NB, end="/"): b"two",
            moodle("José Núñez ONeill", 1003, NB): b"three",
        },
    )
    assert main(command) == 2
    err = capsys.readouterr().err
    assert f"nbgrader generate_feedback {LIGHT}" in err and len(err.splitlines()) == 1
    collect(capsys, course, archive, people)
    assert main(command) == 2 and not target.exists()
    capsys.readouterr()

    for student in ("ada", "grace", "zoe"):
        folder = course / "feedback" / student / LIGHT
        folder.mkdir(parents=True)
        (folder / NB.replace(".ipynb", ".html")).write_text(f"<p>{student}")
        (folder / "other.html").write_text("not a notebook of the assignment")
    (course / "feedback" / "ada" / LIGHT / f"{SECOND}.html").write_text("<p>more")
    (course / "feedback" / "grace" / LIGHT / f"{SECOND}.html").symlink_to("/etc/passwd")
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "Feedback of 2" in out
    assert "jose: no feedback" in err and "zoe: no folder" in err
    with zipfile.ZipFile(target) as made:
        assert {name: made.read(name).decode() for name in made.namelist()} == {
            f"Ada Lovelace_1001_assignsubmission_file_/{NOTEBOOK}.html": "<p>ada",
            f"Ada Lovelace_1001_assignsubmission_file_/{SECOND}.html": "<p>more",
            f"Grace Hopper_1002_assignsubmission_file/{NOTEBOOK}.html": "<p>grace",
        }
    before = target.read_bytes()
    assert main(command) == 0 and target.read_bytes() == before
    assert main([*command[:5], str(tmp_path / "no" / "such.zip"), *command[6:]]) == 2
    assert "cannot be written" in capsys.readouterr().err
