"""System accounts for the demonstration, and what must go with them: their processes and their
files."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep

from .places import HubError, Places, reason_of

END_SECONDS = 20.0


def exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def make_account(user: str, places: Places) -> None:
    """A system account with a private home and no password. Raises HubError."""
    home = places.home(user)
    words = [
        "useradd",
        "--no-create-home",
        "--home-dir",
        str(home),
        "--shell",
        "/bin/bash",
        "--user-group",
        user,
    ]
    _run(words, f"the account {user} cannot be made")
    home.mkdir(mode=0o700)
    fonts = home / ".cache" / "matplotlib"
    fonts.mkdir(parents=True)
    for path in (places.student / "fonts").glob("fontlist-*.json"):
        shutil.copy(path, fonts)
    give(home, user)


def give(folder: Path, user: str) -> None:
    """Make `user` the owner of a folder and of all that is in it, and nobody else a reader."""
    account = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    folder.chmod(0o700)


def remove_account(user: str, places: Places) -> None:
    """End the account's processes and remove it, when it is one of ours (its home is among
    ours)."""
    if not exists(user) or Path(pwd.getpwnam(user).pw_dir) != places.home(user):
        return
    end_processes(pwd.getpwnam(user).pw_uid)
    _run(["userdel", "--force", user], f"the account {user} cannot be removed")


def processes_of(uid: int) -> list[int]:
    """Every process of a system account, also in namespaces; those that have ended already
    (zombies) are not counted."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                status = Path(entry.path, "status").read_text()
            except OSError:
                continue
            fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            if str(uid) in fields["Uid"].split() and not fields["State"].startswith("Z"):
                found.append(int(entry.name))
    return found


def end_processes(uid: int) -> None:
    """End every process of a system account. Raises HubError when some do not go."""
    deadline = monotonic() + END_SECONDS
    gentle = 3
    while found := processes_of(uid):
        if monotonic() > deadline:
            raise HubError(f"Processes of uid {uid} do not end: {found}.")
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if gentle > 0 else signal.SIGKILL)
        gentle -= 1
        sleep(0.3)


def _run(words: list[str], failure: str) -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    try:
        run = subprocess.run(
            words, capture_output=True, text=True, env={"PATH": path, "LANG": "C"}, check=False
        )
    except FileNotFoundError:
        raise HubError(
            f"{failure}: {words[0]} is missing (Debian, Ubuntu: apt-get install passwd)."
        ) from None
    if run.returncode != 0:
        raise HubError(f"{failure}: {reason_of(run)}.")
