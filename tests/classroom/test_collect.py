"""`ntk collect`: archives as Moodle and Canvas make them into `submitted/`, whose is what, again
and again."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from demo.light import LIGHT, NOTEBOOK
from tests.helpers.archives import (
    EVENING,
    NB,
    NOON,
    OTHER,
    collect,
    everything,
    moodle,
    pack,
    stamp,
    submitted,
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
def canvas(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS)
    return f"--students={path}"


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
        moodle("Ada Lovelace", 1001, OTHER, end=end): b"two",
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
        OTHER: b"two",
        "my data.csv": b"data",
        "onlinetext.html": b"<p>",
    }
    assert submitted(course, "jose") == {NB: b"three"}
    assert (course / ".ntk").stat().st_mode & 0o77 == 0
    assert stamp(course, "ada") == "2026-11-03 12:00:00.000000 UTC"
    assert str(parse_utc(stamp(course, "ada"))) == "2026-11-03 12:00:00"
    path = course / "submitted" / "ada" / LIGHT / NB
    assert datetime.fromtimestamp(path.stat().st_mtime, UTC) == datetime(*NOON, tzinfo=UTC)
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
    assert submitted(course, "ada") == {NB: b"one", OTHER: b"two"}
    assert submitted(course, "grace") == {NB: b"three", "data-2.csv": b"data"}
    assert "late" in " ".join(said["notes"]["grace"]) and NB in " ".join(said["notes"]["grace"])
    # two could be the notebook: neither is made it
    names = {f"{NOTEBOOK}-1.ipynb", f"{NOTEBOOK}-2.ipynb", "text.html"}
    assert submitted(course, "jose").keys() == names
    assert said["unmatched"] == {"anon_Ab1x9": "handed in anonymously"}
    assert submitted(course, "mary") == {"nb.ipynb": b"seven"}
    assert said["one_time"]


def test_a_name_in_utf8_that_the_zip_does_not_call_so(course, people, tmp_path, capsys):
    name = moodle("José Núñez ONeill", 1, NB).encode()
    path = pack(tmp_path / "a.zip", {"x" * len(name): b"one"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    assert collect(capsys, course, path, people)["collected"] == ["jose"]


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
