"""Can this machine build the sandbox, and if it cannot, why?"""

from __future__ import annotations

import os
import sys
from functools import cache

from ..errors import SandboxUnavailable
from ..limits import Limits
from ..text import last_line
from .bubblewrap import Sandbox, find_bwrap
from .warden import Warden


def probe_sandbox() -> None:
    """Run one trivial command in a sandbox. Raises SandboxUnavailable, saying in one line why that
    is impossible."""
    _probe(os.geteuid(), find_bwrap())


@cache
def _probe(uid: int, bwrap: str) -> None:
    limits = Limits()
    sandbox = Sandbox([sys.executable, "-I", "-S", "-c", ""], limits, bwrap=bwrap)
    warden = Warden(sandbox, limits)
    if not warden.ended.wait(20):
        warden.kill()
        raise SandboxUnavailable("The sandbox hung while it was tried out.")
    if warden.returncode != 0:
        raise unavailable(warden.stderr)


def unavailable(stderr: str) -> SandboxUnavailable:
    reason = last_line(stderr).rstrip(".") or "it ended without a word"
    hint = ""
    if any(
        word in stderr.lower()
        for word in ("namespace", "uid map", "operation not permitted", "/newroot/proc")
    ):
        hint = (
            " This machine or container forbids namespaces: allow unprivileged user namespaces "
            "(sysctl"
            " user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0), or run "
            "the container with"
            " --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt "
            "systempaths=unconfined."
        )
    return SandboxUnavailable(f"The sandbox cannot start: {reason}.{hint}")
