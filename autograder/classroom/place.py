"""Puts a folder where it belongs: at once or not at all, nothing newer under something older, and
nothing deleted."""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from ..submission.timestamp import read_stamp

STAMP = "timestamp.txt"
STAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"  # nbgrader's own
COLLECTED, REPLACED, UNCHANGED, OLDER = "collected", "replaced", "unchanged", "older"


def put(new: Path, target: Path, kept: Path) -> str:
    """Move the folder `new`, which has a timestamp, to `target`, and what stood there to `kept`.

    Returns COLLECTED (nothing stood there), REPLACED, UNCHANGED (the same files; its timestamp
    stays) or OLDER (what stands there is newer, and stays). `new` lies on the file system of
    `target`, so that it comes there in one step.
    """
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        new.rename(target)
        return COLLECTED
    before = contents(target)
    if before is not None and _same(new, contents(new) or {}, target, before):
        return UNCHANGED
    if handed_in(new) < handed_in(target):
        return OLDER
    set_aside(target, kept)
    new.rename(target)
    return REPLACED


def set_aside(what: Path, kept: Path) -> None:
    """Move `what` to `kept`, which nothing has been moved to before."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(what, kept)


def stamp(folder: Path, when: datetime) -> None:
    """Write the time of handing in, as nbgrader does. A time in the future becomes now: nothing
    would ever be newer."""
    when = min(when, datetime.now(UTC)).astimezone(UTC)
    (folder / STAMP).write_text(when.strftime(STAMP_FORMAT))


def handed_in(folder: Path) -> datetime:
    """The time in the folder's timestamp; without one that can be read, of its newest file."""
    time = read_stamp(folder).time
    if time is not None:
        return time.replace(tzinfo=UTC)
    times = [status.st_mtime for status in (contents(folder) or {}).values()]
    return datetime.fromtimestamp(max(times, default=os.lstat(folder).st_mtime), UTC)


def contents(folder: Path) -> dict[str, os.stat_result] | None:
    """{path: status} of all in the folder but its timestamp; None when it is no folder."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    found = {}
    for here, folders, files in os.walk(folder):
        links = [name for name in folders if Path(here, name).is_symlink()]
        for name in [*files, *links]:
            path = os.path.join(here, name)
            found[os.path.relpath(path, folder)] = os.lstat(path)
    found.pop(STAMP, None)
    return found


def _same(
    a: Path, in_a: dict[str, os.stat_result], b: Path, in_b: dict[str, os.stat_result]
) -> bool:
    return in_a.keys() == in_b.keys() and all(
        stat.S_ISREG(in_a[name].st_mode)
        and stat.S_ISREG(in_b[name].st_mode)
        and in_a[name].st_size == in_b[name].st_size
        and filecmp.cmp(a / name, b / name, shallow=False)
        for name in in_a
    )
