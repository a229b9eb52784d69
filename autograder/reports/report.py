"""One HTML file about a marked class: distribution, criteria, messages, timings, incidents, what
waits for a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import jinja2
import numpy as np

from ..assignment.exam import Exam
from ..classroom.roll import Roll
from ..course import Course
from ..gradebook import open as gradebooks
from ..marking.result import Result, Status

BINS = 12
TEMPLATES = Path(__file__).parent / "templates"


def write_report(course: Course, assignment: str, path: Path) -> Path:
    """Write the report of `assignment` to `path`. Raises GradeError when nobody has handed in."""
    roll = Roll(course, assignment)
    found = roll.stored()
    results = {student: result for student, result in found.items() if result is not None}
    waiting = [student for student, result in found.items() if result is None]
    text = render(roll.exam, results, waiting, by_hand(course, roll.exam))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def render(
    exam: Exam, results: Mapping[str, Result], unmarked: list[str], manual: Mapping[str, int]
) -> str:
    """The report as HTML. `manual`: {free-text exercise: answers that wait for a person}."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template("report.html").render(
        exam=exam,
        statistics=statistics(exam, results),
        unmarked=unmarked,
        manual=manual,
        made=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
    )


def by_hand(course: Course, exam: Exam) -> dict[str, int]:
    """{free-text exercise: how many answers a person still has to mark}, as the gradebook says."""
    manual = {place: cell.exercise for place, cell in exam.marked.items() if cell.by_hand}
    if not gradebooks.exists(course):
        return {}
    with gradebooks.opened(course) as gradebook:
        marks = gradebooks.marks(gradebook, exam.assignment)
    waiting = [(m.notebook, m.cell) for m in marks if m.waits]
    return dict(Counter(manual[place] for place in waiting if place in manual))


def statistics(exam: Exam, results: Mapping[str, Result]) -> dict:
    """Everything that the page shows, as numbers."""
    ended = (Status.GRADED, Status.REVIEW)
    graded = {student: r for student, r in results.items() if r.status in ended}
    totals = np.array([r.points for r in graded.values()], dtype=float)
    best = float(sum(c.points for n in exam.notebooks for c in n.graded() if not c.by_hand))
    seconds = np.array([r.seconds for r in graded.values()], dtype=float)
    incidents = {
        s: r.to_json()["incidents"] for s, r in results.items() if r.to_json()["incidents"]
    }
    return {
        "submissions": len(results),
        "graded": len(graded),
        "best": best,
        "mean": float(totals.mean()) if totals.size else None,
        "median": float(np.median(totals)) if totals.size else None,
        "full": int((totals >= best).sum()),
        "histogram": _histogram(totals, best),
        "mistakes": _mistakes(exam, graded),
        "exercises": _exercises(exam, list(graded.values()), totals),
        "seconds": _quantiles(seconds),
        "slowest": sorted(((r.seconds, s) for s, r in graded.items()), reverse=True)[:5],
        "incidents": incidents,
        "review": {s: r.reasons for s, r in results.items() if r.status is Status.REVIEW},
    }


def _mistakes(exam: Exam, results: Mapping[str, Result]) -> list[dict]:
    """The named mistakes that answers behave like, the commonest first: how many students, and
    who."""
    who: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, result in results.items():
        for exercise in (e for n in result.notebooks for e in n.exercises):
            criteria = exercise.verdict.criteria if exercise.verdict else ()
            for slug in {c.mistake for c in criteria if c.mistake}:
                who[exercise.id, slug].append(student)
    return [
        {"exercise": exercise, "line": _line(exam, exercise, slug), "students": students}
        for (exercise, slug), students in sorted(who.items(), key=lambda item: -len(item[1]))
    ]


def _line(exam: Exam, exercise: str, slug: str) -> str:
    check = exam.registry.find(exercise)
    return check.mistakes.describe(slug) if check else slug


def _histogram(totals: np.ndarray, best: float) -> list[dict]:
    counts, edges = np.histogram(totals, bins=BINS, range=(0, max(best, 1)))
    tallest = max(int(counts.max()), 1)
    return [
        {"count": int(n), "share": n / tallest, "low": float(low), "high": float(high)}
        for n, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]


def _quantiles(values: np.ndarray) -> dict | None:
    if not values.size:
        return None
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {"p5": float(low), "p50": float(middle), "p95": float(high), "sum": float(values.sum())}


def _exercises(exam: Exam, results: list[Result], totals: np.ndarray) -> list[dict]:
    found = []
    for notebook in exam.notebooks:
        for cell in notebook.graded():
            own = [
                next((e for n in r.notebooks for e in n.exercises if e.id == cell.exercise), None)
                for r in results
            ]
            verdicts = [e.verdict if e is not None else None for e in own]
            points = np.array([v.points if v else 0.0 for v in verdicts])
            names = list(dict.fromkeys(c.name for v in verdicts if v for c in v.criteria))
            found.append(
                {
                    "id": cell.exercise,
                    "manual": cell.by_hand,
                    "max": cell.points,
                    "mean": float(points.mean()) if points.size else None,
                    "discrimination": discrimination(points, totals - points),
                    "criteria": [_criterion(name, verdicts, totals) for name in names],
                }
            )
    return found


def _criterion(name: str, verdicts: list, totals: np.ndarray) -> dict:
    lines = [next((c for c in v.criteria if c.name == name), None) if v else None for v in verdicts]
    passed = np.array([bool(c and c.passed) for c in lines], dtype=float)
    points = np.array([c.points if c else 0.0 for c in lines])
    missed = Counter(c.message for c in lines if c and not c.passed)
    return {
        "name": name,
        "max": max((c.max_points for c in lines if c), default=0.0),
        "rate": float(passed.mean()),
        "discrimination": discrimination(passed, totals - points),
        "messages": missed.most_common(3),
    }


def discrimination(item: np.ndarray, rest: np.ndarray) -> float | None:
    """Pearson's correlation of an item with the rest of the mark (corrected item-total
    correlation).

    None where it is not defined: fewer than three submissions, or no variation.
    """
    if item.size < 3 or np.ptp(item) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(item, rest)[0, 1])
