"""How much memory and how many files a running sandbox uses, measured from outside."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

MOST_FILES = 100_000  # files in the home, and again in /tmp: an empty file costs memory too
PAGE = os.sysconf("SC_PAGESIZE")


def excess(watched: Mapping[str, int], memory_bytes: int) -> str | None:
    """One sentence on what was exceeded, or None. `watched`: open folders of the sandbox by path,
    with its /proc."""
    for path, fd in watched.items():
        if path == "/proc":
            if _anonymous(fd, _statm) > memory_bytes and _anonymous(fd, _rollup) > memory_bytes:
                return f"The notebook used more than {memory_bytes / 2**20:.0f} MiB of memory."
        elif (space := os.fstatvfs(fd)).f_files - space.f_ffree > MOST_FILES:
            return f"The notebook made more than {MOST_FILES} files."
    return None


def own_memory() -> int:
    """Private resident memory of this very process (bytes): what a sandbox sends to it piles up
    there."""
    with open("/proc/self/statm") as file:
        resident, shared = map(int, file.read().split()[1:3])
    return (resident - shared) * PAGE


def _anonymous(proc: int, measure: Callable[[int, str], int]) -> int:
    """Private memory of all processes of a procfs (bytes)."""
    return sum(measure(proc, name) for name in os.listdir(proc) if name.isdigit())


def _statm(proc: int, name: str) -> int:
    """Quick, and too much by the pages that forked processes still share."""
    try:
        resident, shared = _read(proc, f"{name}/statm").split()[1:3]
    except (OSError, ValueError):  # it has just ended
        return 0
    return (int(resident) - int(shared)) * PAGE


def _rollup(proc: int, name: str) -> int:
    """Exact, and slow: shared pages are divided among those who share them."""
    try:
        for line in _read(proc, f"{name}/smaps_rollup").splitlines():
            if line.startswith(b"Pss_Anon:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _statm(proc, name)


def _read(proc: int, name: str) -> bytes:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    try:
        return os.read(fd, 8192)
    finally:
        os.close(fd)
