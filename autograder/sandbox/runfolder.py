"""One private temporary folder per kernel. It is locked while its owner lives, so that a later run
can sweep it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path

from jupyter_client import KernelManager

from ..errors import InfrastructureError

PREFIX = "ntk-run-"
PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}
LONGEST = 70  # characters: the path of a Unix socket must stay within 107 bytes


def parent_folder() -> Path:
    """The folder for temporary files, or /tmp where its path is too long for a socket."""
    folder = tempfile.gettempdir()
    return Path(folder if len(os.fsencode(folder)) <= LONGEST else "/tmp")


class RunFolder:
    """A fresh folder, readable by its owner only. Removed by `remove()` or at the end of the
    interpreter."""

    def __init__(self) -> None:
        """Raises InfrastructureError when no folder can be made."""
        parent = parent_folder()
        sweep(parent)
        try:
            while not self._make(parent):
                continue  # somebody swept it between its making and its locking
        except OSError as error:
            raise InfrastructureError(
                f"No temporary folder in {parent}: {error.strerror}."
            ) from error
        self._finalizer = weakref.finalize(self, _remove, self.path, self._lock, os.getpid())

    def _make(self, parent: Path) -> bool:
        self.path = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self.path.mkdir(mode=0o700)
        try:
            self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(self._lock).st_ino == self.path.stat().st_ino:
                return True
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(self._lock)
        return False

    def remove(self) -> None:
        """Remove the folder and all that is in it. Harmless when done twice."""
        self._finalizer()


def _remove(path: Path, lock: int, owner: int) -> None:
    if os.getpid() != owner:  # a forked copy of the owner ends: the folder is not its own
        return
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)


def sweep(parent: Path | None = None) -> list[Path]:
    """Remove what killed graders of this user left behind in `parent`; returns the removed folders.

    A living owner holds a lock on its folder, also when it lives in another container: its folder
    stays.
    """
    removed = []
    for path in (parent or parent_folder()).glob(f"{PREFIX}*"):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(handle).st_uid == os.geteuid():
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
                removed.append(path)
        except OSError:  # locked: its owner is alive
            pass
        finally:
            os.close(handle)
    return removed


def meet(manager: KernelManager, folder: RunFolder) -> None:
    """Let a manager and its kernel talk through Unix sockets in `folder`."""
    manager.cache_ports = False
    manager.transport = "ipc"
    manager.ip = str(folder.path / "k")
    manager.connection_file = str(folder.path / "connection.json")
    for name, number in PORTS.items():
        setattr(manager, name, number)
    manager.write_connection_file()
