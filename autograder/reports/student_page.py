"""The page that a student sees while they work: verdicts first, what has changed, what to look at
next. One page a notebook, without the notebook itself: they have it open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2
from nbgrader.utils import is_grade, is_solution

from ..assignment.exam import Exam
from ..checks.verdict import Criterion
from ..classroom.draws import day_of
from ..classroom.serve import MARK, Sheet
from ..marking.result import ExerciseResult, NotebookResult, Status

PICTURE = re.compile(r'<p><img alt="[^"<>]*" src="data:image/png;base64,[A-Za-z0-9+/=]*"></p>')

FRACTION = re.compile(r"(?<=:\d\d)(:\d\d)\.\d+")  # of a second, which nbgrader notes


@dataclass(frozen=True)
class Next:
    """What to look at next: an exercise, and what is known of the first criterion that it misses
    (`name` and `message` are empty where they are not shown)."""

    exercise: str
    name: str
    message: str


def pages(sheet: Sheet) -> dict[str, str]:
    """{notebook: HTML} for every notebook of the exam."""
    return {notebook.name: page(sheet, notebook.name) for notebook in sheet.exam.notebooks}


def page(sheet: Sheet, name: str) -> str:
    result = next((n for n in sheet.result.notebooks if n.name == name), None)
    exercises = result.exercises if result else []
    held = sheet.shown.held_until is not None
    automatic = [e for e in exercises if not e.manual]
    everywhere = [e for n in sheet.result.notebooks for e in n.exercises]
    names = titles(sheet.exam)
    return _template().render(
        mark=MARK,
        sheet=sheet,
        notebook=name,
        several=len(sheet.exam.notebooks) > 1,
        held=held,
        until=moment(sheet.shown.held_until, sheet.now) if held else "",
        review=sheet.result.status is Status.REVIEW,
        points=sum(e.points for e in automatic),
        max_points=sum(e.max_points for e in automatic),
        all_points=sum(e.points for e in everywhere if not e.manual),
        all_max=sum(e.max_points for e in everywhere if not e.manual),
        changed=changed(sheet, everywhere),
        next=look_next(sheet, automatic) or look_next(sheet, everywhere),
        exercises=exercises,
        manual=[e for e in exercises if e.manual],
        rows={e.id: rows(e, sheet.shows) for e in automatic},
        pictures=pictures(result) if sheet.shows == "messages" and result else {},
        names=names,
        handed_in=FRACTION.sub(r"\1", sheet.handed_in),
        at=moment(sheet.now, sheet.now),
    )


def titles(exam: Exam) -> dict[str, str]:
    """{exercise: notebook}"""
    return {c.exercise: n.name for n in exam.notebooks for c in n.graded()}


def changed(sheet: Sheet, exercises: list[ExerciseResult]) -> list[str] | None:
    """What has changed since the last verdict, as "+2: exercise"; None when this is the first."""
    before = sheet.shown.before
    if before is None:
        return None
    found = []
    for exercise in exercises:
        change = exercise.points - before.get(exercise.id, 0.0)
        if not exercise.manual and abs(change) > 1e-9:
            found.append(f"{change:+g}: {exercise.id}".replace("-", "−", 1 if change < 0 else 0))
    return found


def look_next(sheet: Sheet, exercises: list[ExerciseResult]) -> Next | None:
    """The first exercise that has not all its points, and its first criterion that does not
    hold."""
    for exercise in exercises:
        if exercise.verdict is None or exercise.points >= exercise.max_points:
            continue
        missed = next((c for c in exercise.verdict.criteria if not c.passed), None)
        if missed is None or sheet.shows == "points":
            return Next(exercise.id, "", "")
        message = missed.message if sheet.shows == "messages" else ""
        return Next(exercise.id, missed.name, message)
    return None


def rows(exercise: ExerciseResult, shows: str) -> list[Criterion]:
    """The criteria of an exercise; where all of them are lost for one and the same reason, it is
    said once."""
    criteria = list(exercise.verdict.criteria) if exercise.verdict else []
    reasons = {c.message for c in criteria if not c.passed}
    if (
        shows != "messages"
        or len(criteria) < 2
        or len(reasons) != 1
        or any(c.passed for c in criteria)
    ):
        return criteria
    [reason] = reasons
    return [Criterion(f"all {len(criteria)} criteria", False, 0, exercise.max_points, reason)]


def score(criterion: Criterion) -> str:
    """As "0.5 of 1", or nothing for a criterion that carries no points by itself."""
    c = criterion
    return f"{c.points:g} of {c.max_points:g}" if c.max_points else ""


def pictures(result: NotebookResult) -> Mapping[str, str]:
    """{exercise: the pictures of its verdict as HTML}: they live in the executed notebook only, and
    of that nothing but what a verdict itself writes is taken."""
    return dict(_pictures(result))


def _pictures(result: NotebookResult) -> Iterator[tuple[str, str]]:
    if result.notebook is None:
        return
    wanted = {f"<caption><strong>{e.id}</strong>": e.id for e in result.exercises}
    for cell in result.notebook.cells:
        if not is_grade(cell) or is_solution(cell):  # a test cell: its outputs are ours
            continue
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", ""))
            for caption, id in wanted.items():
                if caption in html:
                    yield id, "".join(PICTURE.findall(html))


def moment(at: float | None, now: float) -> str:
    """A time in words, as "today at 14:05 (CET)" or "on 3 February at 00:00 (CET)"."""
    when = datetime.fromtimestamp(at or 0.0).astimezone()
    clock = f"{when:%H:%M} ({when.tzname()})"
    if day_of(at or 0.0) == day_of(now):
        return f"today at {clock}"
    return f"on {when.day} {when:%B} at {clock}"


@cache
def _template() -> jinja2.Template:
    folder = Path(__file__).parent / "templates"
    loader = jinja2.FileSystemLoader(folder)
    made = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["score"] = score
    return made.get_template("student_page.html")
