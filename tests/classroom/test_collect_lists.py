"""`ntk collect`: lists of students as platforms and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata

import pytest

from autograder.cli import main
from demo.light import LIGHT
from tests.helpers.archives import (
    NB,
    PEOPLE,
    collect,
    moodle,
    pack,
)


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
