"""The command line of a sandbox: what a kernel sees, who it is, and what it may use.

Everything is read-only but the home, /tmp and the small folder of the Jupyter sockets: three tmpfs
of limited size that vanish with the sandbox. `autograder` is hidden even where it is installed.
"""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..errors import SandboxUnavailable
from ..limits import Limits
from .python import Python, links
from .seccomp import seccomp_filter
from .surroundings import (
    GONE,
    Surroundings,
    environment,
    font_caches,
    hidden_paths,
    packages_elsewhere,
)

HOME, SOCKETS, CONNECTION = "/home/lab", "/run/ntk", "/run/ntk-connection.json"
HELPERS, DATA = "/opt/lab", "/opt/lab-data"
SOCKETS_BYTES = 64 * 1024
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/etc/localtime")
# no /dev/zero: mapped shared, it is memory without a limit
DEVICES = (
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
)
# A shell waits for the command, says its exit status on stdout, and stays: so the warden ends the
# namespace's first process while bubblewrap still waits for it, and nothing is left for the
# machine's init to reap.
WAIT_FOR = ("/bin/sh", "-c", '"$@" > /dev/null; echo $?; exec sleep 1000000', "lab")
NO_CAPABILITIES = ("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs")


def find_program(name: str, package: str) -> str:
    """The absolute path of a program. Raises SandboxUnavailable, naming the package that brings
    it."""
    path = shutil.which(
        name, path=f"{os.environ.get('PATH', '')}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    )
    if path is None:
        raise SandboxUnavailable(
            f"{name} is missing: install it (Debian, Ubuntu: apt-get install {package})."
        )
    return os.path.realpath(path)


def find_bwrap() -> str:
    """The path of bubblewrap. Raises SandboxUnavailable with one line that says how to install
    it."""
    return find_program("bwrap", "bubblewrap")


def free_uid() -> int:
    """A uid for one sandbox, from the upper half of those that exist here, which no process and no
    account has."""
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    start, _, count = max(((int(a), int(b), int(c)) for a, b, c in ranges), key=lambda r: r[2])
    low, high = start + count // 4, min(start + count // 2, 2**31) - 1
    taken = {os.stat(entry.path).st_uid for entry in _processes()}
    while True:
        uid = low + secrets.randbelow(max(1, high - low))
        if uid not in taken and uid > 0:
            return uid


def _processes() -> Iterable[os.DirEntry]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and os.path.exists(entry.path):
            yield entry


class Sandbox:
    """One sandbox to be started: `argv`, and the file descriptors `fds` that it must inherit.

    `close()` closes them here; call it once the process has started.
    """

    def __init__(
        self,
        command: Sequence[str],
        limits: Limits,
        *,
        bwrap: str,
        surroundings: Surroundings = Surroundings(),
        connection: bytes = b"{}",
        binds: Iterable[str] = (),
        extra_environment: Mapping[str, str] | None = None,
        files: Iterable[tuple[str, bytes]] = (),
        attended: bool = True,
    ):
        """`command` runs in the home. `binds`: more paths to show, read-only, where they are.
        files: (path, content) of what the home holds, read-only; its folders can be written to.
        attended: a warden waits for it (else it has the caller's terminal to itself)."""
        self.fds: list[int] = []
        self.argv = [bwrap]
        self.shown: list[Path] = []
        self.uid = free_uid() if os.geteuid() == 0 else os.geteuid()
        try:
            self._isolate()
            self._system(limits)
            python = surroundings.interpreter()
            self._python(python, binds)
            self._hide(python)
            self._home(files)
            env = (
                environment(HOME, HELPERS, python)
                | self._given(surroundings)
                | dict(extra_environment or {})
            )
            self._file(connection, CONNECTION)
            self._add("--proc", "/proc", "--remount-ro", "/", "--chdir", HOME)
            self._add("--seccomp", self._data(seccomp_filter()), "--clearenv")
            for name, value in env.items():
                self._add("--setenv", name, value)
            waits = WAIT_FOR if attended else ()
            self._add("--", *self._drop(), *limited(limits, processes=True), *waits, *command)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        for fd in self.fds:
            os.close(fd)
        self.fds.clear()

    def _add(self, *words: str) -> None:
        self.argv += words

    def _data(self, content: bytes) -> str:
        fd = os.memfd_create("ntk")
        self.fds.append(fd)
        os.write(fd, content)
        os.lseek(fd, 0, os.SEEK_SET)
        return str(fd)

    def _file(self, content: bytes, path: str) -> None:
        self._add("--perms", "0444", "--file", self._data(content), path)

    def _isolate(self) -> None:
        self._add(
            "--die-with-parent",
            "--new-session",
            "--hostname",
            "lab",
            "--unshare-uts",
            "--unshare-ipc",
        )
        self._add("--unshare-pid", "--unshare-net", "--unshare-cgroup-try", "--cap-drop", "ALL")
        # a process limit needs a uid of its own, and changing to it needs these two
        if os.geteuid() == 0:
            for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
                self._add("--cap-add", capability)
        else:
            self._add("--unshare-user")

    def _drop(self) -> list[str]:
        setpriv = find_program("setpriv", "util-linux")
        if os.geteuid() != 0:  # bubblewrap has dropped every capability already
            return [setpriv, "--no-new-privs"]
        return [
            setpriv,
            f"--reuid={self.uid}",
            f"--regid={self.uid}",
            "--clear-groups",
            *NO_CAPABILITIES,
        ]

    def _system(self, limits: Limits) -> None:
        self.show("/usr")
        for path in map(Path, SYSTEM):
            if path.is_symlink():
                self._add("--symlink", os.readlink(path), str(path))
            elif path.is_dir():
                self.show(path)
        for file in ETC:
            if os.path.exists(file):
                self.show(file)
        self._parents(Path("/dev/null"))
        for device in DEVICES:
            self._add("--dev-bind", device, device)
        for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
            self._add("--symlink", f"/proc/self/fd{target}", f"/dev/{name}")
        self._add("--symlink", "/tmp", "/dev/shm")
        for folder, size in (
            ("/tmp", limits.home_bytes),
            (HOME, limits.home_bytes),
            (SOCKETS, SOCKETS_BYTES),
        ):
            self._parents(Path(folder))
            self._add("--size", str(size), "--perms", "1777", "--tmpfs", folder)

    def _python(self, python: Python, binds: Iterable[str]) -> None:
        base, prefix = Path(python.base_prefix), Path(python.prefix)
        real = Path(os.path.realpath(python.executable))
        for path in (base, base.resolve(), prefix, prefix.resolve(), *map(Path, binds)):
            self.show(path)
        if not self._shows(real):
            self.show(real.parent.parent)
        for path in packages_elsewhere(python):
            self.show(path)
        for link, target in links(Path(python.executable)):
            if not self._shows(link) and str(link) not in SYSTEM:
                self._parents(link)
                self._add("--symlink", target, str(link))

    def _hide(self, python: Python) -> None:
        """Hide an installed autograder; and where the kernel's Python is another one, the grader's
        own environment, should it lie in what is shown."""
        own = Path(sys.prefix).resolve()
        needed = [Path(p).resolve() for p in (python.prefix, python.base_prefix, *python.path)]
        apart = not any(path.is_relative_to(own) for path in (*needed, *self.shown))
        if apart and self._shows(own):
            self._add("--size", "65536", "--perms", "0755", "--tmpfs", str(own))
            self._add("--remount-ro", str(own))
        for path in hidden_paths(python):
            if not self._shows(path) or (apart and path.is_relative_to(own)):
                continue
            if path.is_dir():  # an empty folder could still be imported, as a namespace package
                self._add("--size", "65536", "--perms", "0755", "--tmpfs", str(path))
                self._file(GONE, str(path / "__init__.py"))
                self._add("--remount-ro", str(path))
            else:
                self._add("--perms", "0444", "--ro-bind-data", self._data(b""), str(path))

    def _home(self, files: Iterable[tuple[str, bytes]]) -> None:
        made: set[str] = set()
        for name, content in files:
            for folder in reversed(PurePosixPath(name).parents[:-1]):
                if str(folder) not in made:
                    made.add(str(folder))
                    self._add("--perms", "1777", "--dir", f"{HOME}/{folder}")
            path = f"{HOME}/{name}"
            self._add("--perms", "0444", "--ro-bind-data", self._data(content), path)

    def _given(self, surroundings: Surroundings) -> dict[str, str]:
        """Show helpers, data and the list of fonts; returns what the environment must say about
        them."""
        cache = f"{HOME}/.cache"
        for folder in (cache, f"{cache}/matplotlib"):
            self._add("--perms", "1777", "--dir", folder)
        for path in font_caches():
            self._file(path.read_bytes(), f"{cache}/matplotlib/{path.name}")
        for name, helper in surroundings.helper_folders().items():
            self._bind(helper, Path(HELPERS) / name)
        for name, data in surroundings.data_folders().items():
            self._bind(data, Path(DATA) / name)
        return {name: f"{DATA}/{name}" for name in surroundings.data_folders()}

    def show(self, path: str | Path) -> None:
        """Show a path read-only where it is."""
        path = Path(path)
        if not self._shows(path):
            self._bind(path, path)
            self.shown.append(path)

    def _shows(self, path: Path) -> bool:
        return any(path.is_relative_to(shown) for shown in self.shown)

    def _bind(self, source: Path, target: Path) -> None:
        self._parents(target)
        self._add("--ro-bind", str(source), str(target))

    def _parents(self, path: Path) -> None:
        """Bubblewrap makes missing parents 0700, where another uid could not pass."""
        for parent in reversed(path.parents[:-1]):
            if not self._shows(parent):
                self._add("--perms", "0755", "--dir", str(parent))


def resource_limits(limits: Limits) -> dict[str, tuple[int, int]]:
    """{name for prlimit(1): (resource, value)}, never above what is in force already."""
    wanted = {
        "data": (resource.RLIMIT_DATA, limits.memory_bytes),
        "nofile": (resource.RLIMIT_NOFILE, limits.open_files),
        "fsize": (resource.RLIMIT_FSIZE, limits.file_bytes),
        "nproc": (resource.RLIMIT_NPROC, limits.processes),
        "core": (resource.RLIMIT_CORE, 0),
    }
    for name, (kind, value) in wanted.items():
        hard = resource.getrlimit(kind)[1]
        wanted[name] = kind, value if hard == resource.RLIM_INFINITY else min(value, hard)
    return wanted


def limited(limits: Limits, *, processes: bool) -> list[str]:
    """The prefix of a command that sets resource limits. Without a uid or a user namespace of its
    own a kernel would share its process limit with everything of its user's: then `processes` is
    False."""
    values = resource_limits(limits)
    if not processes:
        del values["nproc"]
    return [
        find_program("prlimit", "util-linux"),
        *(f"--{name}={v}" for name, (_, v) in values.items()),
    ]
