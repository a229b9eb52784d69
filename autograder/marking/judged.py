"""What is said of a submission as a whole, joined to the marks of its notebooks."""

from __future__ import annotations

from dataclasses import replace

from ..submission.files import Finding
from .result import Result, Status


def judged(result: Result, finding: Finding) -> Result:
    """The result with what was found out when its files were looked for: incidents, and what a
    person must look at. Where an instructor has accepted the marks, nothing waits any more."""
    found = replace(
        result,
        incidents=[*finding.incidents, *result.incidents],
        review=[*finding.review, *result.review],
    )
    if result.status is Status.INFRASTRUCTURE_ERROR:
        return found
    if finding.accepted and found.reasons:
        found.incidents.append("Its marks were accepted as they are.")
        found.review = []
        found.notebooks = [replace(n, review=[]) for n in found.notebooks]
    found.status = Status.REVIEW if found.reasons else Status.GRADED
    return found
