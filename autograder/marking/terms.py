"""What submissions are marked by, besides their assignment, as data that travels to workers."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from ..course import Marking, secret_of
from ..limits import Limits
from ..sandbox.surroundings import Surroundings


@dataclass(frozen=True)
class Terms:
    """The settings of a course as they bear on marks.

    secret: the key of the seeds. sandbox: "bwrap" or "none". libraries: distributions whose
    versions count. demonstrations: "kept" or "run", partial_credit: see `Marking`.
    """

    limits: Limits
    secret: bytes
    sandbox: str = "bwrap"
    surroundings: Surroundings = Surroundings()
    libraries: tuple[str, ...] = ()
    demonstrations: str = "kept"
    partial_credit: bool = False

    def digest(self) -> str:
        """SHA-256 of all of it but the libraries, which are compared by their versions."""
        facts = f"{self.sandbox}\0{sorted(asdict(self.limits).items())}\0{self.surroundings}"
        facts += f"\0{self.demonstrations}\0{self.partial_credit}"
        return hashlib.sha256(self.secret + facts.encode()).hexdigest()


def terms_of(marking: Marking, root: Path) -> Terms:
    """The terms of the course at `root`, whose settings are `marking`. Raises PythonError when the
    Python that they name cannot be used."""
    surroundings = Surroundings(tuple(marking.helpers), tuple(marking.data), marking.python)
    surroundings.interpreter()
    return Terms(
        marking.limits,
        secret_of(root),
        marking.sandbox,
        surroundings,
        tuple(marking.libraries),
        marking.demonstrations,
        marking.partial_credit,
    )
