"""`ntk`: mark a submission, release an assignment, keep the masters in order."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

from . import startup  # noqa: F401  (first: it makes the imports below quicker)

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


class UsageError(Exception):
    """The command cannot be carried out as it was given. `str(error)` is one line that says what to do."""


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments and run one command. Every foreseeable failure is one line on standard error."""
    arguments = _parser().parse_args(argv)
    # nbgrader's own queries; they were checked to be harmless
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
    from .course import CourseError
    from .exam import ExamError
    from .limits import InfrastructureError
    from .masters import MasterError
    from .release import ReleaseError

    try:
        return arguments.run(arguments)
    except (UsageError, CourseError, ExamError, MasterError, ReleaseError, InfrastructureError) as error:
        print(f"ntk {arguments.command}: {error}", file=sys.stderr)
        return EXIT_FAILED if isinstance(error, InfrastructureError | ReleaseError) else EXIT_USAGE
    except KeyboardInterrupt:
        print(f"ntk {arguments.command}: interrupted; run the command again to go on.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ntk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    score = commands.add_parser("score", help="mark one notebook or folder, without a gradebook")
    score.add_argument("path", type=Path, metavar="PATH", help="a submitted notebook, or a folder of them")
    score.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")
    score.add_argument(
        "--assignment", metavar="NAME", help="the assignment, where it cannot be told from the names"
    )
    score.add_argument("--seed", type=int, metavar="N", help="replay the checks with this seed")
    score.add_argument(
        "--sandbox", choices=["bwrap", "none"], help="where student code runs (default: the course's)"
    )
    score.add_argument("--keep", type=Path, metavar="DIR", help="write the executed notebooks there")
    score.add_argument("--timings", action="store_true", help="show where the time went")
    score.set_defaults(run=_score)

    grade = commands.add_parser("grade", help="mark a class and record it in the gradebook")
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument("--workers", type=_positive, metavar="N", help="local processes (default: one a core)")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="an existing Dask cluster, as tcp://host:port")
    grade.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"
    )
    grade.add_argument("--force", action="store_true", help="mark again what was marked before")
    grade.add_argument(
        "--dry-run", action="store_true", help="show whose marks would change and why; record nothing"
    )
    grade.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")
    grade.set_defaults(run=_grade)

    explain = commands.add_parser(
        "explain", help="replay one exercise of a student: what came back against what was expected"
    )
    explain.add_argument("student", metavar="STUDENT")
    explain.add_argument("exercise", metavar="EXERCISE")
    explain.add_argument("--assignment", metavar="NAME", help="where several have such an exercise")
    explain.add_argument(
        "--save", type=Path, metavar="DIR", help="write the arrays there, one .npz a criterion"
    )
    explain.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")
    explain.set_defaults(run=_explain)

    report = commands.add_parser("report", help="write one HTML file about a marked class")
    report.add_argument("assignment", metavar="ASSIGNMENT")
    report.add_argument(
        "--to", type=Path, metavar="FILE", help="default: reports/<assignment>.html in the course"
    )
    report.set_defaults(run=_report)

    export = commands.add_parser("export", help="marks per exercise, for a spreadsheet, Moodle or Canvas")
    export.add_argument("assignment", metavar="ASSIGNMENT")
    export.add_argument("--format", choices=["csv", "moodle", "canvas"], default="csv")
    export.add_argument("--to", type=Path, metavar="FILE", help="default: <assignment>-<format>.csv")
    export.set_defaults(run=_export)

    release = commands.add_parser("release", help="make the student version of an assignment")
    release.add_argument("assignment", metavar="ASSIGNMENT")
    release.set_defaults(run=_release)

    notebooks = commands.add_parser("notebooks", help="sync the masters with their texts and run them")
    notebooks.add_argument("assignment", metavar="ASSIGNMENT", nargs="?", help="default: every assignment")
    notebooks.add_argument(
        "--check", action="store_true", help="change nothing; fail when something is not current"
    )
    notebooks.add_argument("--no-run", action="store_true", help="sync only")
    notebooks.add_argument(
        "--prefer", choices=["text", "notebook"], help="which side wins when both were edited"
    )
    notebooks.set_defaults(run=_notebooks)

    from .audit.command import add_parser

    audit = add_parser(commands)
    audit.set_defaults(run=_audit)

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


def _course(arguments, near: Path | None = None):
    from .course import Course, CourseError

    if arguments.course:
        return Course(arguments.course)
    try:
        return Course.find()
    except CourseError:
        if near is None:
            raise
        return Course.find(near)


def _score(arguments) -> int:
    from .course import secret_of
    from .score import choose_exam, mark, read_submission

    path = arguments.path
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"{path} does not exist: name a submitted notebook or a folder of them.")
    course = _course(arguments, path.resolve().parent)
    exams = [
        course.exam(name)
        for name in ([arguments.assignment] if arguments.assignment else course.assignments())
    ]
    exam = choose_exam(exams, path)
    files, incidents = read_submission(path, exam)
    if not path.is_dir() and set(files) < {n.name for n in exam.notebooks}:
        exam = exam.only(set(files))
    sandbox = arguments.sandbox or course.marking.sandbox
    if sandbox == "none":
        print(
            "ntk score: no sandbox: student code runs as you, with your files and network.", file=sys.stderr
        )
    result = mark(exam, files, course.marking.limits, secret_of(course.root), sandbox, arguments.seed)
    result.incidents += incidents
    if arguments.keep:
        _keep(result, arguments.keep)
    _show(result, arguments)
    return EXIT_OK if result.status == "graded" else EXIT_FAILED


def _show(result, arguments) -> None:
    if arguments.json:
        json.dump(result.to_json(), sys.stdout, indent=1)
        print()
        return
    from rich.console import Console

    from .table import print_result

    print_result(result, Console())
    if arguments.timings:
        for notebook in result.notebooks:
            for name, seconds in notebook.timings.items():
                print(f"{notebook.name:45} {name:22} {seconds:6.2f} s")


def _keep(result, folder: Path) -> None:
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    for notebook in result.notebooks:
        nbformat.write(notebook.notebook, folder / f"{notebook.name}.ipynb")


def _grade(arguments) -> int:
    from .classroom import ClusterError
    from .grade import grade, print_outcome
    from .marking import How
    from .preview import preview, print_preview
    from .record import RecordError
    from .roll import GradeError

    course = _course(arguments)
    exam = course.exam(arguments.assignment)
    how = How(arguments.workers, arguments.scheduler, arguments.force)
    try:
        if arguments.dry_run:
            outcome = preview(course, arguments.assignment, arguments.student, how)
            print_preview(outcome, arguments.json)
        else:
            outcome = grade(course, arguments.assignment, how, arguments.student)
            print_outcome(outcome, exam, arguments.json)
    except (GradeError, ClusterError, RecordError) as error:
        raise UsageError(str(error)) from error
    return EXIT_FAILED if outcome.failed else EXIT_OK


def _explain(arguments) -> int:
    from rich.console import Console

    from .explain import assignment_with, explain
    from .explain_view import print_explanation, save, to_json
    from .roll import GradeError

    course = _course(arguments)
    try:
        assignment = arguments.assignment or assignment_with(course, arguments.exercise)
        print(f"Replaying {arguments.exercise} of {arguments.student} …", file=sys.stderr)
        found = explain(course, assignment, arguments.student, arguments.exercise)
    except GradeError as error:
        raise UsageError(str(error)) from error
    files = save(found, arguments.save) if arguments.save else []
    if arguments.json:
        json.dump(to_json(found), sys.stdout, indent=1)
        print()
    else:
        print_explanation(found, Console(width=None if sys.stdout.isatty() else 140))
        for path in files:
            print(f"Arrays: {path}")
    return EXIT_OK if found.agrees else EXIT_FAILED


def _report(arguments) -> int:
    from .report import write_report
    from .roll import GradeError

    course = _course(arguments)
    path = arguments.to or course.root / "reports" / f"{arguments.assignment}.html"
    try:
        print(f"Report: {write_report(course, arguments.assignment, path)}")
    except GradeError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    return EXIT_OK


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} cannot be written: {error.strerror}: name another file with --to.")


def _export(arguments) -> int:
    from .exporters import export

    course = _course(arguments)
    course.exam(arguments.assignment)  # says so when there is no such assignment
    path = arguments.to or Path(f"{arguments.assignment}-{arguments.format}.csv")
    try:
        export(course, arguments.assignment, arguments.format, str(path))
    except OSError as error:
        raise _unwritable(path, error) from error
    print(f"Marks: {path}")
    return EXIT_OK


def _release(arguments) -> int:
    from . import masters
    from .release import ReleaseError, generate, leaks, perfect

    course = _course(arguments)
    exam = course.exam(arguments.assignment)
    source = course.root / course.directory.source_directory / arguments.assignment
    faults = [
        f"{name} is not what its text says: run `make notebooks`." for name in masters.is_current(source)
    ]
    faults += masters.check_structure(source)
    if not faults:
        print(f"Marking the masters of {arguments.assignment} …", file=sys.stderr)
        faults = perfect(course, exam)
    if faults:
        raise ReleaseError("not released. " + " ".join(faults))
    folder = generate(course, arguments.assignment)
    faults = leaks(folder, exam)
    if faults:
        import shutil

        shutil.rmtree(folder)
        raise ReleaseError("withdrawn. " + " ".join(faults))
    print(f"Released {arguments.assignment} to {folder}: the masters earn full marks and nothing leaks.")
    return EXIT_OK


def _audit(arguments) -> int:
    from .audit.answers import AuditError
    from .audit.command import run

    try:
        return run(arguments, _course(arguments))
    except AuditError as error:
        raise UsageError(str(error)) from error


def _notebooks(arguments) -> int:
    from . import masters

    course = _course(arguments)
    source = course.root / course.directory.source_directory
    faults: list[str] = []
    for name in [arguments.assignment] if arguments.assignment else course.assignments():
        folder = source / name
        if arguments.check:
            stale = masters.is_current(folder)
            faults += [f"{name}/{x} is not what its text says: run `make notebooks`." for x in stale]
        else:
            masters.sync(folder, prefer=arguments.prefer)
        faults += masters.check_structure(folder)
        if not arguments.check and not arguments.no_run and not faults:
            for path in sorted(folder.glob("*.ipynb")):
                print(f"Running {path.name} …", flush=True)
                masters.run(path)
    for fault in faults:
        print(fault, file=sys.stderr)
    return EXIT_FAILED if faults else EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
