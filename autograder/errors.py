"""Errors that are one line for whoever reads them, and the exit codes that go with them."""

from __future__ import annotations

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130


class OneLine(Exception):
    """`str(error)` is one line that says what is wrong and what to do; `exit_code` is the
    command's."""

    exit_code = EXIT_USAGE


class InfrastructureError(OneLine):
    """The fault is ours (no sandbox, no space, no kernel). It never becomes a zero."""

    exit_code = EXIT_FAILED


class SandboxUnavailable(InfrastructureError):
    """This machine cannot build the sandbox."""
