"""A list of students as Moodle and Canvas export it: participants, grades, the grading worksheet,
Canvas' gradebook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ..submission.read import read_bytes
from .roster import Person, RosterError, key

# {what: its heading}, compared without case, spaces and accents' composition; English, French and
# German sites.
HEADINGS = {
    "first": ("First name", "Prénom", "Vorname"),
    "last": ("Last name", "Surname", "Nom de famille", "Nom", "Nachname"),
    "full": ("Full name", "Nom complet", "Vollständiger Name"),
    "sortable": ("Student",),
    "email": ("Email address", "Email", "E-mail", "Adresse de courriel", "E-Mail-Adresse"),
    "canvas": ("ID",),
    "participant": ("Identifier", "Identifiant", "ID"),
    "login": ("SIS Login ID",),
    "username": ("Username", "Nom d'utilisateur", "Anmeldename"),
    "number": ("ID number", "Numéro d'identification", "ID-Nummer"),
    "sis": ("SIS User ID",),
}
NAMES = ("full", "first", "last", "sortable")
IDS = ("login", "username", "number", "sis", "email")  # in this order
EMAIL_NAME = "email-name"


def read_people(path: Path, id_column: str = "", known: Collection[str] = ()) -> list[Person]:
    """The students in the file. `id_column` is the heading of the column with nbgrader's ids, or
    EMAIL_NAME for what stands before the @; default: the first of IDS that most have (of an
    e-mail address, what stands before the @). `known`: ids in the gradebook. Raises RosterError."""
    rows = list(_rows(path))
    head = rows[0] if rows else []
    found = _columns(head)
    if not {"full", "sortable"} & found.keys() and not {"first", "last"} <= found.keys():
        raise RosterError(
            f"{path} has no column of names: it needs First name and Last name, or Full name "
            f"(Moodle), or Student (Canvas); it has {_listed(head)}."
        )
    lines = [
        [*(value.strip() for value in row), *[""] * (len(head) - len(row))] for row in rows[1:]
    ]
    lines = [line for line in lines if any(line[found[n]] for n in NAMES if n in found)]
    if "sortable" in found:  # Canvas puts lines of its own among the students
        lines = [line for line in lines if key(line[found["sortable"]]) != "pointspossible"]
    ids = _ids(path, head, found, lines, id_column, set(known))
    return [_person(line, found, id) for line, id in zip(lines, ids, strict=True)]


def _rows(path: Path) -> Iterator[list[str]]:
    data = read_bytes(path.resolve())
    if data is None:
        raise RosterError(
            f"{path} cannot be read: name the CSV with --students (Moodle: participants or grades; "
            "Canvas: the gradebook)."
        )
    try:
        text = _decoded(data)
        line = text.lstrip().partition("\n")[0]
        delimiter = max(",;\t", key=line.count)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(value.strip() for value in row):
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise RosterError(
            f"{path} is not a CSV: export the list of students as CSV (UTF-8)."
        ) from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise
        return data.decode("cp1252")  # what a spreadsheet saves


def _columns(head: list[str]) -> dict[str, int]:
    """{what: position}. "ID" is Canvas' beside "Student", and Moodle's identifier elsewhere."""
    at = {key(heading): position for position, heading in reversed(list(enumerate(head)))}
    found = {}
    for what, headings in HEADINGS.items():
        position = next((at[key(h)] for h in headings if key(h) in at), None)
        if position is not None:
            found[what] = position
    if "sortable" not in found:
        found.pop("canvas", None)
    elif found.get("participant") == found.get("canvas"):
        found.pop("participant", None)
    return found


def _ids(
    path: Path,
    head: list[str],
    found: dict[str, int],
    lines: list[list[str]],
    wanted: str,
    known: set[str],
) -> list[str]:
    choices = {
        what: [_id(what, line[found[what]]) for line in lines] for what in IDS if what in found
    }
    if wanted == EMAIL_NAME and "email" in choices:
        return choices["email"]
    if wanted:
        position = next((i for i, name in enumerate(head) if key(name) == key(wanted)), None)
        if position is None:
            raise RosterError(f"{path} has no column {wanted!r}: it has {_listed(head)}.")
        return [line[position] for line in lines]
    if not choices:
        raise RosterError(
            f"{path} has no column for nbgrader's ids (SIS Login ID, Username, ID number, SIS User "
            f"ID, Email address): name one with --id; it has {_listed(head)}."
        )
    filled = {what: sum(map(bool, ids)) for what, ids in choices.items()}
    most = [what for what in choices if 2 * filled[what] > len(lines)]  # teachers may have none
    chosen = (most or [max(choices, key=lambda what: filled[what])])[0]
    hits = {what: len(known & set(ids)) for what, ids in choices.items()}
    if not hits[chosen] and any(hits.values()):
        better = max(hits, key=lambda what: hits[what])
        option = EMAIL_NAME if better == "email" else head[found[better]].strip()
        raise RosterError(
            f"the gradebook knows none of the ids in {path}'s column "
            f"{head[found[chosen]].strip()!r}, but {hits[better]} in another: say --id {option!r}, "
            "or which."
        )
    return choices[chosen]


def _id(what: str, value: str) -> str:
    return value.partition("@")[0].lower() if what == "email" else value


def _person(line: list[str], found: dict[str, int], id: str) -> Person:
    said = {what: line[position] for what, position in found.items()}
    digits = re.search(r"(?<=\D)\d+$", said.get("participant", ""))  # "Participant 1234567"
    return Person(
        id,
        first=said.get("first", ""),
        last=said.get("last", ""),
        full=said.get("full", ""),
        sortable=said.get("sortable", ""),
        email=said.get("email", ""),
        canvas=said.get("canvas", ""),
        participant=digits[0] if digits else "",
    )


def _listed(head: list[str]) -> str:
    return ", ".join(name.strip()[:40] for name in head[:12]) or "nothing"
