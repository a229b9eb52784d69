"""The class report, as numbers and in a real browser: light, dark, nobody marked, five hundred
students."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.verdict import Criterion, Verdict
from autograder.marking.result import ExerciseResult, NotebookResult, Result, Status
from autograder.reports.report import render, statistics
from tests.conftest import ASSIGNMENT, ROOT
from tests.helpers.lab import CHECKS as checks
from tests.helpers.lab import catalogue

SIZE = 500
# the text's and the background's relative luminance, as WCAG 2 defines the contrast ratio
CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
                       return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
                        if (!c.endsWith(", 0)")) return c; } return "rgb(255, 255, 255)"; };
  const seen = [...document.querySelectorAll("main *")].filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()));
  return Math.min(...seen.map(e => { const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort();
                                     return (b + 0.05) / (a + 0.05); }));
}"""


@pytest.fixture(scope="module")
def exam():
    from autograder.course import Course

    return Course(ROOT).exam(ASSIGNMENT)


def simulated(exam, size: int) -> dict[str, Result]:
    """Results of students of all abilities; whoever misses the kernel's values has the document's
    bracket."""
    rng = np.random.default_rng(0)
    assert any(m.slug == "root-inside-the-bracket" for m in catalogue("ntk_kernel").mistakes)
    found = {}
    for number in range(size):
        able, notebooks = rng.normal(1, 1.5), []
        for notebook in exam.notebooks:
            exercises = []
            for cell in notebook.graded():
                if cell.kind.value == "manual":
                    exercises.append(ExerciseResult(cell.exercise, cell.points))
                    continue
                lines = []
                for rule in checks.load(cell.exercise).rules:
                    passed = bool(rng.logistic() < able + 1)
                    slug = (
                        "root-inside-the-bracket" if rule.name == "values" and not passed else None
                    )
                    message = rule.holds if passed else f"Look again at {rule.name}."
                    lines.append(
                        Criterion(
                            rule.name,
                            passed,
                            passed * rule.points,
                            rule.points,
                            message,
                            mistake=slug,
                        )
                    )
                exercises.append(
                    ExerciseResult(cell.exercise, cell.points, Verdict(cell.exercise, tuple(lines)))
                )
            incidents = (
                ["The cell 'ntk_kernel' ran longer than its limit."] if number % 50 == 7 else []
            )
            notebooks.append(NotebookResult(notebook.name, 1, exercises, incidents))
        seconds = float(rng.uniform(25, 60))
        found[f"student-{number:03}"] = Result(
            ASSIGNMENT, Status.GRADED, exam.max_points, notebooks, seconds=seconds
        )
    return found


def test_the_numbers_are_those_of_the_class(exam):
    results = simulated(exam, 60)
    found = statistics(exam, results)
    points = [r.points for r in results.values()]
    assert found["mean"] == pytest.approx(np.mean(points)) and sum(
        b["count"] for b in found["histogram"]
    ) == len(points)
    first = [
        next(
            e.verdict.criteria[0] for n in r.notebooks for e in n.exercises if e.id == "ntk_kernel"
        )
        for r in results.values()
    ]
    values = [c.passed for c in first]
    [kernel] = [e for e in found["exercises"] if e["id"] == "ntk_kernel"]
    assert kernel["criteria"][0]["rate"] == pytest.approx(np.mean(values))
    # a criterion must not be correlated with itself
    rest = np.array(points) - [c.points for c in first]
    assert kernel["criteria"][0]["discrimination"] == pytest.approx(np.corrcoef(values, rest)[0, 1])
    [bracket] = found["mistakes"]
    assert bracket["exercise"] == "ntk_kernel" and len(bracket["students"]) == values.count(False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [0, 3, SIZE])
def test_it_is_legible_in_a_browser(browser, exam, scheme, size, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render(exam, simulated(exam, size), [], {"discussion": size} if size else {}))
    assert path.stat().st_size < 400_000
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(path.as_uri())
    page.screenshot(path=ROOT / "build" / f"report-{scheme}-{size}.png", full_page=True)
    assert asked == [path.as_uri()] and not failed  # one file, nothing fetched
    assert page.evaluate(CONTRAST) >= 4.5
    for width in (1200, 390):  # a telephone too: wide tables scroll inside their card
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    text = page.inner_text("main")
    page.close()
    assert f"{size}\nmarked" in text
    assert ("No submission has been marked yet" in text) == (size == 0)
    assert ("√(1−u²) inside the bracket" in text) == (size == SIZE)
