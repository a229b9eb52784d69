"""Who is in the class, and which of them a name on a learning platform means."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..course import Course
from ..errors import OneLine
from ..gradebook import open as gradebooks
from .platforms import CANVAS

ID_BYTES = 128  # nbgrader's column for a student's id


class RosterError(OneLine):
    """The list of students cannot be used."""


@dataclass(frozen=True)
class Person:
    """One student. `id` is nbgrader's, and empty where the list gives none. `sortable` is the name
    as Canvas sorts it, "Last, First"; `canvas` the user's id there, `participant` the number that
    Moodle gives in this one assignment."""

    id: str
    first: str = ""
    last: str = ""
    full: str = ""
    sortable: str = ""
    email: str = ""
    canvas: str = ""
    participant: str = ""

    def number(self, platform: str) -> str:
        """What the platform's archives number this student by; nothing if it is not known."""
        return self.canvas if platform == CANVAS else self.participant

    def names(self, platform: str) -> set[str]:
        """The keys of all names that the platform may show this student by. Moodle's order of first
        and last name is a setting of the site."""
        if platform == CANVAS:
            shown = [self.sortable or self.last + self.first]
        else:
            shown = [self.full, self.first + self.last, self.last + self.first]
        keys = {key(name) for name in shown} - {""}
        return keys or {key(self.id), key(self.email.partition("@")[0])} - {""}


def key(name: str) -> str:
    """A name for comparing: accents composed, no case, no spaces or punctuation (the platforms take
    some out)."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")


def usable(id: str) -> bool:
    """Whether an id can be a folder's name in `submitted/`."""
    return (
        bool(id)
        and id == id.strip()
        and not id.startswith((".", "-"))
        and not any(c in '/\\*?[]"' or unicodedata.category(c) in ("Cc", "Cs") for c in id)
        and len(id.encode()) <= ID_BYTES
    )


class Roster:
    """The students, and who is meant by a name and a number of a platform."""

    def __init__(self, people: Iterable[Person], told: Mapping[str, str] | None = None):
        """told: {name or number in the archive: id}, as the instructor says; it goes before all
        else. Raises RosterError for an id that cannot be one."""
        self.people = list(dict.fromkeys(people))
        self._ids = Counter(person.id for person in self.people)
        self.told = {key(name): id for name, id in (told or {}).items()}
        for id in self.told.values():
            if not usable(id):
                raise RosterError(f"{id!r} cannot be a student's id: write --match NAME=ID.")
        self._found: dict[str, tuple[dict[str, list[Person]], dict[str, list[Person]]]] = {}

    @property
    def canvas_ids(self) -> set[str]:
        return {p.canvas for p in self.people if p.canvas}

    def find(self, platform: str, name: str, number: str) -> tuple[str, str]:
        """(id, "") or ("", why nobody was found)."""
        for hint in (number, f"{name}_{number}", name):
            if hint and key(hint) in self.told:
                return self.told[key(hint)], ""
        if not number:
            return "", "the name of the file fits several students"
        if number.startswith("anon_"):
            return "", "handed in anonymously"
        numbers, names = self._index(platform)
        by_number, by_name = numbers.get(number, []), names.get(key(name), [])
        if by_number and by_name and by_number[0] not in by_name:
            return "", "the number is one student's and the name another's"
        without = [p for p in by_name if not p.number(platform)]
        if by_name and not by_number and not without:
            return "", "the list of students has another number for this name"
        found = by_number or without
        if not found:
            return "", "nobody in the list of students has this name"
        if len(found) > 1:
            what = "this number" if by_number else "this name"
            return "", f"{len(found)} in the list of students have {what}"
        person = found[0]
        if not usable(person.id):
            return "", "the list of students gives no id that can be used"
        if self._ids[person.id] > 1:
            return "", f"several in the list of students have the id {person.id}"
        return person.id, ""

    def _index(self, platform: str) -> tuple[dict[str, list[Person]], dict[str, list[Person]]]:
        """Everybody by number, and by the keys of their names."""
        if platform not in self._found:
            numbers: dict[str, list[Person]] = defaultdict(list)
            names: dict[str, list[Person]] = defaultdict(list)
            for person in self.people:
                numbers[person.number(platform)].append(person)
                for name in person.names(platform):
                    names[name].append(person)
            self._found[platform] = numbers, names
        return self._found[platform]


def of_gradebook(course: Course) -> list[Person]:
    """The students that nbgrader's gradebook knows; its LMS user id is taken for Canvas'."""
    if not gradebooks.exists(course):
        return []
    with gradebooks.opened(course) as gradebook:
        return [
            Person(
                student.id,
                first=student.first_name or "",
                last=student.last_name or "",
                email=student.email or "",
                canvas=student.lms_user_id or "",
            )
            for student in gradebook.students
        ]
