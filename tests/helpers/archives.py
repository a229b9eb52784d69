"""Archives as Moodle and Canvas make them, for the tests of collecting."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.cli import main
from demo.light import LIGHT, NOTEBOOK, make_light_course

SECOND = "2-more_work"
NB, OTHER = f"{NOTEBOOK}.ipynb", f"{SECOND}.ipynb"
PEOPLE = (
    "First name,Last name,Email address,ID number\n"
    "Ada,Lovelace,ada@example.org,ada\n"
    "Grace,Hopper,grace@example.org,grace\n"
    "José,Núñez O'Neill,jose@example.org,jose\n"
    "Kim,Lee,kim1@example.org,kim1\n"
    "Kim,Lee,kim2@example.org,kim2\n"
)
NOON = (2026, 11, 3, 12, 0, 0)
EVENING = (2026, 11, 3, 18, 30, 2)


def course_of_two(folder: Path) -> Path:
    """The light course, with a second notebook."""
    source = make_light_course(folder) / "source" / LIGHT
    shutil.copy(source / NB, source / OTHER)
    return folder


def pack(path: Path, files: Mapping[str, bytes | str], when: tuple = NOON) -> Path:
    """A zip of {name: content}, all of one time."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("x", when)
            info.filename = name  # as it is: the constructor cuts at a NUL
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


def moodle(name: str, number: int, *file: str, kind: str = "file", end: str = "_/") -> str:
    """A file's name in Moodle's archive."""
    return f"{name}_{number}_assignsubmission_{kind}{end}{'/'.join(file)}"


def collect(capsys, course: Path, archive: Path, *arguments: str) -> dict:
    """What `ntk collect --json` says, with its exit code."""
    command = ["collect", LIGHT, str(archive), "--json", "--course", str(course), *arguments]
    code = main(command)
    out, err = capsys.readouterr()
    assert out, err
    return json.loads(out) | {"code": code}


def submitted(course: Path, student: str) -> dict[str, bytes]:
    """{path: content} of what a student has handed in, without the timestamp."""
    folder = course / "submitted" / student / LIGHT
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p != folder / "timestamp.txt"
    }


def everything(folder: Path) -> dict[str, bytes]:
    """{path: content} of all files below a folder, to see that nothing changed."""
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def many_members(path: Path, count: int) -> Path:
    """A zip whose list names one member `count` times: quickly made."""
    name = b"Ada Lovelace_1_assignsubmission_file_/nb.ipynb"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
    )
    listed = (entry + name) * count
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listed), len(local), 0
    )
    path.write_bytes(local + listed + end)
    return path


def stamp(course: Path, student: str) -> str:
    """What stands in a student's timestamp.txt."""
    return (course / "submitted" / student / LIGHT / "timestamp.txt").read_text()
