"""What the sub-commands of `ntk` do. Each takes the parsed arguments and returns the exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


class UsageError(Exception):
    """The command cannot be carried out as it was given. `str(error)` is one line that says what to
    do."""


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


def score_command(arguments) -> int:
    from .course import secret_of
    from .marking.mark import mark
    from .submission.files import choose_exam, read_submission

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
            "ntk score: no sandbox: student code runs as you, with your files and network.",
            file=sys.stderr,
        )
    result = mark(
        exam, files, course.marking.limits, secret_of(course.root), sandbox, arguments.seed
    )
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

    from .reports.table import print_result

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


def grade_command(arguments) -> int:
    from .classroom.cluster import ClusterError
    from .classroom.grade import grade
    from .classroom.in_order import How
    from .classroom.preview import preview
    from .classroom.roll import GradeError
    from .gradebook.record import RecordError
    from .reports.outcome import print_outcome, print_preview

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


def explain_command(arguments) -> int:
    from rich.console import Console

    from .classroom.roll import GradeError
    from .reports.explain import assignment_with, explain
    from .reports.explain_view import print_explanation, save, to_json

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


def report_command(arguments) -> int:
    from .classroom.roll import GradeError
    from .reports.report import write_report

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


def export_command(arguments) -> int:
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


def release_command(arguments) -> int:
    from .authoring import masters
    from .authoring.release import leaks, perfect
    from .gradebook.generate import ReleaseError, generate

    course = _course(arguments)
    exam = course.exam(arguments.assignment)
    source = course.root / course.directory.source_directory / arguments.assignment
    faults = [
        f"{name} is not what its text says: run `make notebooks`."
        for name in masters.is_current(source)
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
    print(
        f"Released {arguments.assignment} to {folder}: the masters earn full marks and nothing leaks."
    )
    return EXIT_OK


def audit_command(arguments) -> int:
    from .audit.answers import AuditError
    from .audit.command import run

    try:
        return run(arguments, _course(arguments))
    except AuditError as error:
        raise UsageError(str(error)) from error


def notebooks_command(arguments) -> int:
    from .authoring import masters

    course = _course(arguments)
    source = course.root / course.directory.source_directory
    faults: list[str] = []
    for name in [arguments.assignment] if arguments.assignment else course.assignments():
        folder = source / name
        if arguments.check:
            stale = masters.is_current(folder)
            faults += [
                f"{name}/{x} is not what its text says: run `make notebooks`." for x in stale
            ]
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
