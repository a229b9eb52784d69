"""What a course decides about `ntk watch`: set as `c.Watch.…` in nbgrader_config.py."""

from __future__ import annotations

from datetime import datetime

from traitlets import Bool, Enum, Int, TraitError, Unicode, validate
from traitlets.config import Configurable

SHOWS = ("points", "criteria", "messages")


class Watch(Configurable):
    """What students see while they work, and how often."""

    shows = Enum(
        SHOWS,
        "messages",
        help="What the feedback shows: `points`: the points of each exercise; `criteria`: which of "
        "its criteria hold; `messages`: the whole table, as in the final feedback. Free texts are "
        "never in it.",
    ).tag(config=True)
    per_day = Int(
        10,
        min=0,
        help="Feedback that a student may draw a day (0: any number). What is handed in beyond it "
        "is collected and marked; its feedback follows the next day or at the due date.",
    ).tag(config=True)
    until = Unicode(
        "",
        help="When feedback that waits is given in any case, as `2030-01-31 23:59` (local time, or "
        "with an offset such as `+01:00`). Default: the assignment's due date in the gradebook.",
    ).tag(config=True)
    exchange = Bool(
        True,
        help="Whether to collect from nbgrader's exchange and release feedback to it, where the "
        "course has one. False: what lies in submitted/ is marked, and feedback stays in "
        "verdicts/.",
    ).tag(config=True)

    @validate("until")
    def _is_a_time(self, proposal: dict) -> str:
        text = str(proposal["value"])
        try:
            if text:
                datetime.fromisoformat(text)
        except ValueError as error:
            raise TraitError(
                f"c.Watch.until = {text!r} is no time: write it as 2030-01-31 23:59"
            ) from error
        return text

    @property
    def end(self) -> float | None:
        """`until` in seconds since the epoch; None when it is not set."""
        return datetime.fromisoformat(self.until).timestamp() if self.until else None
