"""What each student has been shown while they work, and when the next feedback is due: one small
file a student."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..whole import write_whole

DAYS = 3  # whose numbers of draws are kept


@dataclass(frozen=True)
class Shown:
    """What stands in a student's page, or what will once its time has come.

    seen: what the folder of the submission looked like (`waiting.look_of`); submission: an id of
    this hand-in; key: the stored result that it was given; drawn: the result whose verdict was
    shown last; points: {exercise: points} of that verdict; before: those of the verdict before it
    (None: it was the first); days: {day: feedback drawn}; held_until: when the verdict is due, in
    seconds since the epoch, None when the page shows it; released: whether the page has reached the
    student.
    """

    seen: str
    submission: str
    key: str
    points: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] | None = None
    drawn: str = ""
    days: Mapping[str, int] = field(default_factory=dict)
    held_until: float | None = None
    released: bool = False

    def left(self, per_day: int, now: float) -> int | None:
        """How much feedback is left today; None when any number is."""
        return max(0, per_day - self.days.get(day_of(now), 0)) if per_day else None


def day_of(now: float) -> str:
    return datetime.fromtimestamp(now).astimezone().date().isoformat()


def next_day(now: float) -> float:
    """The next midnight, in local time."""
    tomorrow = datetime.fromtimestamp(now).date() + timedelta(days=1)  # noqa: DTZ006  (local)
    return datetime.combine(tomorrow, datetime.min.time()).astimezone().timestamp()


def next_shown(
    before: Shown | None,
    found: Shown,
    *,
    per_day: int,
    now: float,
    end: float | None,
) -> Shown:
    """What the student is shown of a submission that has been marked, `found`, after what was shown
    `before`. A page about the same answers, or one that was to be released already, is no draw of
    its own."""
    if before is None:
        before = Shown("", "", "")
    known: dict[str, Any] = {"drawn": before.drawn, "days": _recent(before.days, now)}
    again = found.submission == before.submission and before.held_until is None
    if again or (found.key == before.drawn and before.drawn):
        if not (again and found.key == before.key):  # the very same page
            known["before"] = before.points if before.drawn else None
        else:
            known["before"] = before.before
        return replace(found, **known | {"drawn": found.key})
    at_end = before.held_until is not None and end is not None and now >= end
    if not at_end and before.left(per_day, now) == 0:
        until = next_day(now)
        if end is not None and now < end < until:
            until = end
        # what has been shown stays what the next page is compared with
        return replace(found, points=before.points, before=before.before, held_until=until, **known)
    days = known["days"] | {day_of(now): before.days.get(day_of(now), 0) + 1}
    return replace(
        found, before=before.points if before.drawn else None, drawn=found.key, days=days
    )


def _recent(days: Mapping[str, int], now: float) -> dict[str, int]:
    oldest = day_of(now - DAYS * 86400)
    return {day: count for day, count in days.items() if day >= oldest}


class Draws:
    """The course's notes on what was shown, in `.ntk/watch/<assignment>`. A damaged one counts as
    none."""

    def __init__(self, root: Path, assignment: str):
        self.folder = Path(root) / ".ntk" / "watch" / assignment

    def get(self, student: str) -> Shown | None:
        try:
            return Shown(**json.loads((self.folder / f"{student}.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, student: str, shown: Shown) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"{student}.json", json.dumps(asdict(shown)))

    def all(self) -> Iterator[tuple[str, Shown]]:
        for path in sorted(self.folder.glob("*.json")):
            if (shown := self.get(path.stem)) is not None:
                yield path.stem, shown
