"""Where the hub lives on the machine, who has an account, and the error that ends in one line."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COURSE = "ntk"
GRADER = f"grader-{COURSE}"  # the system account of the course service: it owns the course's files
INSTRUCTOR = "ntk-instructor"
STUDENT = "ntk-student{}"


def reason_of(run: subprocess.CompletedProcess[str]) -> str:
    """The last line of what a command said when it failed."""
    return (run.stderr.strip().splitlines() or ["no reason given"])[-1]


class HubError(Exception):
    """The hub cannot be built or started. `str(error)` is one line that says what to do."""


def _folder(variable: str, default: str) -> Path:
    path = Path(os.environ.get(variable) or default)
    if not path.is_absolute():
        raise HubError(f"{variable} must be an absolute path, not {str(path)!r}.")
    return path


@dataclass(frozen=True)
class Places:
    """The folders that the hub makes. All of them are absolute, and every account can pass through
    their parents."""

    environments: Path = field(
        default_factory=lambda: _folder("NTK_HUB_ENVIRONMENTS", "/opt/ntk-hub")
    )
    """The two Python environments and the course's pages; kept when the hub ends."""
    state: Path = field(default_factory=lambda: _folder("NTK_HUB_STATE", "/var/lib/ntk-hub"))
    """Homes, exchange, the hub's own database and log; removed when the demonstration ends."""
    run: Path = field(default_factory=lambda: _folder("NTK_HUB_RUN", "/run/ntk-hub"))
    """A private folder for each user's kernel sockets: short, because a socket's path has 107
    bytes."""

    @property
    def student(self) -> Path:
        return self.environments / "student"

    @property
    def course_env(self) -> Path:
        return self.environments / "course"

    @property
    def etc(self) -> Path:
        return self.environments / "etc"

    @property
    def pages(self) -> Path:
        """The course as web pages, for students: everybody may read them."""
        return self.environments / "pages"

    @property
    def homes(self) -> Path:
        return self.state / "home"

    @property
    def hub(self) -> Path:
        return self.state / "hub"

    @property
    def exchange(self) -> Path:
        return self.state / "exchange"

    @property
    def log(self) -> Path:
        return self.hub / "hub.log"

    @property
    def journal(self) -> Path:
        return self.state / "made.json"

    def home(self, user: str) -> Path:
        return self.homes / user

    @property
    def course(self) -> Path:
        return self.home(GRADER) / COURSE
