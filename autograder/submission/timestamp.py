"""When something was handed in: the `timestamp.txt` of a submission, which may be anything at
all, like every file in it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

NAME = "timestamp.txt"
LONGEST = 100  # bytes; nbgrader writes about thirty
UNREADABLE = (
    "timestamp.txt cannot be read as a time: the submission counts as having no time; write one "
    "in or delete the file."
)


@dataclass(frozen=True)
class Stamp:
    """What `timestamp.txt` says.

    text: its beginning, "" when there is no such file. time: in UTC and without a zone, as nbgrader
    keeps times; None when there is none. incidents: a sentence for the instructor, or nothing.
    """

    text: str = ""
    time: datetime | None = None
    incidents: tuple[str, ...] = ()


def read_stamp(folder: Path) -> Stamp:
    """The stamp of a submission's folder. Follows no link, waits for nothing, reads LONGEST bytes,
    and raises nothing."""
    unreadable = Stamp(incidents=(UNREADABLE,))
    try:
        handle = os.open(Path(folder) / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return Stamp()
    except OSError:  # a link, or a file that may not be read
        return unreadable
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return unreadable
        data = os.read(handle, LONGEST + 1)
    except OSError:
        return unreadable
    finally:
        os.close(handle)
    text = data[:LONGEST].decode(errors="replace").strip()
    time = _time(text) if len(data) <= LONGEST else None
    return Stamp(text, time, () if time else (UNREADABLE,))


def _time(text: str) -> datetime | None:
    # a course's configuration loads this module, and a notebook's check cell the configuration
    from nbgrader.utils import parse_utc

    try:
        # dateutil takes what is missing from today: "5" would be a time, another one each month
        words = text.split(" ")
        moment = " ".join(words[:2] if len(words) == 3 else words)  # nbgrader's rule: 3rd is a zone
        if len({_day(moment, date(2000, 1, 1)), _day(moment, date(2001, 2, 2))}) > 1:
            return None
        found = parse_utc(text)
    except Exception:  # ValueError, OverflowError and whatever else its parser comes upon
        return None
    return found if isinstance(found, datetime) else None


def _day(text: str, filled_in: date) -> date:
    import dateutil.parser

    default = datetime(filled_in.year, filled_in.month, filled_in.day)  # noqa: DTZ001  (no zone)
    found: datetime = dateutil.parser.parse(text, default=default, ignoretz=True)
    return found.date()
