"""`ntk`: mark submissions and classes, release an assignment, look into marks, keep the masters in
order."""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

from . import commands as run
from . import startup  # noqa: F401  (it makes the imports of the commands quicker)
from .commands import EXIT_FAILED, EXIT_USAGE, UsageError


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments and run one command. Every foreseeable failure is one line on standard
    error."""
    arguments = _parser().parse_args(argv)
    # nbgrader's own queries; they were checked to be harmless
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
    from .assignment.exam import ExamError
    from .authoring.execute import MasterError
    from .course import CourseError
    from .errors import InfrastructureError
    from .gradebook.generate import ReleaseError

    try:
        return arguments.run(arguments)
    except (
        UsageError,
        CourseError,
        ExamError,
        MasterError,
        ReleaseError,
        InfrastructureError,
    ) as error:
        print(f"ntk {arguments.command}: {error}", file=sys.stderr)
        return EXIT_FAILED if isinstance(error, InfrastructureError | ReleaseError) else EXIT_USAGE
    except KeyboardInterrupt:
        print(
            f"ntk {arguments.command}: interrupted; run the command again to go on.",
            file=sys.stderr,
        )
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ntk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    score = commands.add_parser("score", help="mark one notebook or folder, without a gradebook")
    score.add_argument(
        "path", type=Path, metavar="PATH", help="a submitted notebook, or a folder of them"
    )
    score.add_argument(
        "--json", action="store_true", help="print JSON and nothing else on standard output"
    )
    score.add_argument(
        "--assignment",
        metavar="NAME",
        help="the assignment, where it cannot be told from the names",
    )
    score.add_argument("--seed", type=int, metavar="N", help="replay the checks with this seed")
    score.add_argument(
        "--sandbox",
        choices=["bwrap", "none"],
        help="where student code runs (default: the course's)",
    )
    score.add_argument(
        "--keep", type=Path, metavar="DIR", help="write the executed notebooks there"
    )
    score.add_argument("--timings", action="store_true", help="show where the time went")
    score.set_defaults(run=run.score_command)

    grade = commands.add_parser("grade", help="mark a class and record it in the gradebook")
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument(
        "--workers", type=_positive, metavar="N", help="local processes (default: one a core)"
    )
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="an existing Dask cluster, as tcp://host:port"
    )
    grade.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"
    )
    grade.add_argument("--force", action="store_true", help="mark again what was marked before")
    grade.add_argument(
        "--dry-run",
        action="store_true",
        help="show whose marks would change and why; record nothing",
    )
    grade.add_argument(
        "--json", action="store_true", help="print JSON and nothing else on standard output"
    )
    grade.set_defaults(run=run.grade_command)

    explain = commands.add_parser(
        "explain", help="replay one exercise of a student: what came back against what was expected"
    )
    explain.add_argument("student", metavar="STUDENT")
    explain.add_argument("exercise", metavar="EXERCISE")
    explain.add_argument("--assignment", metavar="NAME", help="where several have such an exercise")
    explain.add_argument(
        "--save", type=Path, metavar="DIR", help="write the arrays there, one .npz a criterion"
    )
    explain.add_argument(
        "--json", action="store_true", help="print JSON and nothing else on standard output"
    )
    explain.set_defaults(run=run.explain_command)

    report = commands.add_parser("report", help="write one HTML file about a marked class")
    report.add_argument("assignment", metavar="ASSIGNMENT")
    report.add_argument(
        "--to", type=Path, metavar="FILE", help="default: reports/<assignment>.html in the course"
    )
    report.set_defaults(run=run.report_command)

    export = commands.add_parser(
        "export", help="marks per exercise, for a spreadsheet, Moodle or Canvas"
    )
    export.add_argument("assignment", metavar="ASSIGNMENT")
    export.add_argument("--format", choices=["csv", "moodle", "canvas"], default="csv")
    export.add_argument(
        "--to", type=Path, metavar="FILE", help="default: <assignment>-<format>.csv"
    )
    export.set_defaults(run=run.export_command)

    release = commands.add_parser("release", help="make the student version of an assignment")
    release.add_argument("assignment", metavar="ASSIGNMENT")
    release.set_defaults(run=run.release_command)

    notebooks = commands.add_parser(
        "notebooks", help="sync the masters with their texts and run them"
    )
    notebooks.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="default: every assignment"
    )
    notebooks.add_argument(
        "--check", action="store_true", help="change nothing; fail when something is not current"
    )
    notebooks.add_argument("--no-run", action="store_true", help="sync only")
    notebooks.add_argument(
        "--prefer", choices=["text", "notebook"], help="which side wins when both were edited"
    )
    notebooks.set_defaults(run=run.notebooks_command)

    from .audit.command import add_parser

    audit = add_parser(commands)
    audit.set_defaults(run=run.audit_command)

    for command in (score, grade, explain, report, export, release, notebooks, audit):
        command.add_argument(
            "--course", type=Path, metavar="DIR", help="the course folder (default: the nearest)"
        )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


if __name__ == "__main__":
    sys.exit(main())
