"""Finds a course and what it sets: its folders, limits, sandbox and secret."""

from __future__ import annotations

import os
import secrets
from dataclasses import fields
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Enum, List, Unicode
from traitlets.config import Config, Configurable, PyFileConfigLoader

from .assignment.exam import Exam
from .assignment.read import read_exam
from .checks.brought import CONFIG, course_around
from .errors import OneLine
from .limits import Limits, setting


class CourseError(OneLine):
    """The course cannot be used as it is."""


class GradebookError(CourseError):
    """The gradebook cannot be used."""


class Marking(Configurable):
    """How submissions are run: set as `c.Marking.…` in nbgrader_config.py."""

    sandbox = Enum(
        ["bwrap", "none"],
        "bwrap",
        help="Where student code runs. `none` gives up every protection: the code then runs as "
        "the grader itself, "
        "with its files, its network and its gradebook within reach.",
    ).tag(config=True)
    python = Unicode(
        "",
        help="The Python in which student code runs, by its whole path; it needs ipykernel, numpy "
        "and safetensors. Default: the grader's own.",
    ).tag(config=True)
    checks = List(
        Unicode(),
        help="Packages of checks, by their dotted names; a course's own `checks/` comes before "
        "them and needs no mention.",
    ).tag(config=True)
    helpers = List(
        Unicode(), help="Packages that students import: shown in the sandbox, read-only."
    ).tag(config=True)
    data = List(
        Unicode(),
        help="Names of environment variables, each the path of a folder of data: shown in the "
        "sandbox, read-only, under the same name.",
    ).tag(config=True)
    libraries = List(
        Unicode(), help="Distributions whose versions marks depend on, besides the grader's own."
    ).tag(config=True)
    demonstrations = Enum(
        ["kept", "run"],
        "kept",
        help="`kept`: a locked cell that earns nothing runs only if something of the student's "
        "needs it; the others keep the outputs that were handed in. `run`: all of them run.",
    ).tag(config=True)
    partial_credit = Bool(
        False,
        help="Whether each assertion of an ordinary test earns its share of the points, where "
        "nbgrader gives all of them or none.",
    ).tag(config=True)
    cell_seconds = setting("cell_seconds")
    setup_seconds = setting("setup_seconds")
    probe_seconds = setting("probe_seconds")
    exercise_seconds = setting("exercise_seconds")
    notebook_seconds = setting("notebook_seconds")
    memory_bytes = setting("memory_bytes")
    processes = setting("processes")
    open_files = setting("open_files")
    file_bytes = setting("file_bytes")
    home_bytes = setting("home_bytes")
    output_bytes = setting("output_bytes")
    reply_bytes = setting("reply_bytes")

    @property
    def limits(self) -> Limits:
        return Limits(**{field.name: getattr(self, field.name) for field in fields(Limits)})


class Course:
    """A course folder: the nearest one with an nbgrader_config.py."""

    def __init__(self, root: Path):
        self.root = Path(root).resolve()
        if not (self.root / CONFIG).is_file():
            raise CourseError(f"{self.root} holds no {CONFIG}: name the course with --course DIR.")
        self.config: Config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        self.config.CourseDirectory.root = str(self.root)
        for name, path in dict(self.config.IncludeHeaderFooter).items():
            if path in ("", None) or name not in ("header", "footer"):
                continue  # nbgrader opens them wherever it is started
            self.config.IncludeHeaderFooter[name] = str(self.root / path)
        self.marking = Marking(config=self.config)
        self.directory = CourseDirectory(config=self.config)

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course of `start` (default: the working directory) or of the nearest folder above
        it."""
        start = Path(start or Path.cwd()).resolve()
        root = course_around(start)
        if root is not None:
            return cls(root)
        raise CourseError(f"No {CONFIG} in {start} or above it: name the course with --course DIR.")

    @property
    def source(self) -> Path:
        """The folder of the masters."""
        return self.root / self.directory.source_directory

    @property
    def submitted(self) -> Path:
        """The folder of what was handed in."""
        return self.root / self.directory.submitted_directory

    def exam(self, assignment: str) -> Exam:
        return read_exam(self.source, assignment, self.marking.checks, self.config)

    def assignments(self) -> list[str]:
        return sorted(p.name for p in self.source.glob("*") if any(p.glob("*.ipynb")))


def secret_of(root: Path) -> bytes:
    """The course's secret, from which the seeds of the hidden tests come. Made on first use,
    readable by its owner."""
    path = Path(root) / ".ntk" / "secret"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
        if not path.exists():
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(fresh, path)  # atomic: whoever comes second uses the first one's
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"The course's secret {path} cannot be read or made: {error.strerror}."
        ) from error
