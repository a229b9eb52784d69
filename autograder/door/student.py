"""The narrow door: the only way in which a check looks at a student's work.

A probe (source text) goes in together with data; data comes back. Two students stand behind the
same protocol: `InProcessStudent`, for a check that runs inside the student's own kernel (Jupyter,
stock nbgrader, tests), and `autograder.marking.kernel.SandboxedStudent`, for a check that runs in
the grader while the probe runs in a sandboxed kernel.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol

import numpy as np
import safetensors
import safetensors.numpy

from ..text import one_line
from . import inside as door

REPLY_BYTES = 48 * 2**20
PROBE_SECONDS = 60.0

Data = np.ndarray | float | int | str | bool | None | list | dict


class ProbeError(Exception):
    """A probe earned nothing. `str(error)` is one sentence that a student may read."""


class ProbeFailed(ProbeError):
    """The student's code raised an exception; `name_error` is the message of a NameError."""

    name_error = ""


class BadReply(ProbeError):
    """What came back is not data of the agreed form."""


class StudentLost(ProbeError):
    """No further probe can be answered: the rest of the exercise is lost."""


class ProbeTimeout(StudentLost):
    """The student's code did not answer in time."""


class StudentDied(StudentLost):
    """The student's process ended while it was asked."""


class Student(Protocol):
    def run(self, probe: str, *, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        """Run `probe` in the student's namespace with `inputs` bound; return the values of the
        names in `returns`.

        Arrays (NumPy, any real dtype) come back as NumPy arrays, everything else as JSON values.
        Raises a ProbeError whose text is one sentence for the student.
        """
        ...


def encode(inputs: Mapping[str, Data]) -> bytes:
    """Inputs as safetensors bytes: arrays as tensors, the rest as JSON in the metadata."""
    arrays = {k: np.ascontiguousarray(v) for k, v in inputs.items() if isinstance(v, np.ndarray)}
    scalars = {k: v for k, v in inputs.items() if not isinstance(v, np.ndarray)}
    return safetensors.numpy.save(arrays, {door.SCALARS: json.dumps(scalars)})


def decode(reply: bytes, returns: Sequence[str], limit: int = REPLY_BYTES) -> dict[str, Data]:
    """Read an untrusted reply. Raises ProbeFailed for a reported exception, BadReply for anything
    malformed."""
    if len(reply) > limit:
        raise BadReply(f"The answer is larger than {limit // 2**20} MiB.")
    try:
        header = int.from_bytes(reply[:8], "little")
        if header > 2**22:
            raise ValueError("header")
        metadata = json.loads(reply[8 : 8 + header])["__metadata__"]
        body = json.loads(metadata[door.SCALARS], parse_constant=_refuse_constant)
        arrays = safetensors.numpy.load(reply)
        if "error" in body:
            kind, message = one_line(body["error"], 80), one_line(body.get("message", ""), 300)
        else:
            values = dict(body["values"])
    except BadReply:
        raise
    except Exception as error:  # any malformed reply: the sender is not trusted
        raise BadReply("The answer could not be read as data.") from error
    if "error" in body:
        failed = ProbeFailed(told(kind, message))
        failed.name_error = message if kind == "NameError" else ""
        raise failed
    found: dict[str, Any] = {**values, **arrays}
    if set(found) != set(returns):
        raise BadReply("The answer does not hold the values that were asked for.")
    for value in arrays.values():
        if value.dtype.kind not in "fiub":
            raise BadReply(
                f"The answer has the type {value.dtype} where real numbers are asked for."
            )
    return found


def told(kind: str, message: str) -> str:
    """A student's exception as a sentence for the student."""
    if kind == "NotImplementedError" and not message:
        return "The answer cell still raises NotImplementedError: this exercise waits for you."
    if kind == "NameError":
        return f"{message} (NameError): does its cell run, and is it spelt as asked?"
    return f"Your code raised {kind}: {message}" if message else f"Your code raised {kind}."


def _refuse_constant(name: str) -> float:
    raise BadReply(f"The answer holds {name}, which is not a finite number.")


class InProcessStudent:
    """A student whose namespace lives in this very process. Convenient, and no protection at all.

    Used in Jupyter, under stock nbgrader and in tests; real marks come from the sandboxed side.
    """

    def __init__(self, namespace: dict[str, Any], seconds: float = PROBE_SECONDS):
        self.namespace = namespace
        self.seconds = seconds

    def run(self, probe: str, *, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        with _alarm(self.seconds):
            reply = door.answer(probe, list(returns), encode(inputs), self.namespace)
        return decode(reply, returns)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise ProbeTimeout after `seconds` of wall time. Only the main thread of a process can be
    interrupted so."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return
    fired = False

    def ring(signum: int, frame: FrameType | None) -> None:
        nonlocal fired
        fired = True
        raise TimeoutError(f"no answer within {seconds:g} s")

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    if fired:
        raise ProbeTimeout(f"No answer came within {seconds:g} seconds.")
