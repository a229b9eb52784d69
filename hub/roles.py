"""Who may do what on the hub, and what each account's server is given: groups, scopes, environment,
folders."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATH = "/usr/local/bin:/usr/bin:/bin"


def groups(settings: dict) -> dict[str, list[str]]:
    """nbgrader reads from these names who takes part in a course and who grades it."""
    course = settings["course"]
    return {
        f"formgrade-{course}": [*settings["instructors"], settings["grader"]],
        f"nbgrader-{course}": list(settings["students"]),
    }


def roles(settings: dict) -> list[dict]:
    """The least that the nbgrader extensions need. No token of an administrator is anywhere."""
    course = settings["course"]
    see_course = [f"access:services!service={course}", f"list:services!service={course}"]
    see_course.append(f"read:services!service={course}")
    manage_students = [
        "list:groups",
        "read:groups",
        f"groups!group=nbgrader-{course}",
        "list:users",
        "read:users",
    ]
    own_server = ["users:activity!user", "access:servers!server", "read:users!user"]
    return [
        {"name": f"formgrade-{course}", "groups": [f"formgrade-{course}"], "scopes": see_course},
        {"name": f"course-{course}", "services": [course], "scopes": manage_students},
        {"name": "server", "scopes": [*own_server, *see_course]},
    ]


def kind(settings: dict, user: str) -> str:
    return "instructor" if user in settings["instructors"] else "student"


def environment(settings: dict, user: str, kind: str) -> dict[str, str]:
    """The variables of an account's server, beside those that JupyterHub sets. `kind`: student,
    instructor, course."""
    student, etc = settings["student_environment"], settings["etc"]
    own = settings["course_environment"] if kind == "course" else student
    found = {
        "PATH": ":".join(dict.fromkeys([f"{own}/bin", f"{student}/bin", PATH])),
        "JUPYTER_CONFIG_PATH": f"{etc}/{kind}:{etc}/everyone:{student}/etc/jupyter",
        "JUPYTER_PATH": f"{etc}/{kind}:{student}/share/jupyter",
        "JUPYTERLAB_DIR": f"{student}/share/jupyter/lab",
        "JUPYTER_RUNTIME_DIR": f"{settings['run']}/{user}",
        "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
        "NTK_EXCHANGE": settings["exchange"],
        # One thread a student: many share the machine, and the lab is not quicker with more.
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # glibc would keep a heap of its own for each of the many threads of a server or a kernel.
        "MALLOC_ARENA_MAX": "2",
    }
    if kind == "course":
        found |= {
            "HOME": str(Path(settings["state"]) / "home" / user),
            "USER": user,
            "SHELL": "/bin/bash",
        }
    return found


def prepare(settings: dict) -> Callable[[Any], None]:
    """`Spawner.pre_spawn_hook`: the account's private folder for kernel sockets, and its
    environment."""

    def hook(spawner: Any) -> None:
        user = spawner.user.name
        private_folder(Path(settings["run"]) / user, user)
        spawner.environment |= environment(settings, user, kind(settings, user))

    return hook


def private_folder(path: Path, user: str) -> None:
    """Make a folder that only `user` can enter."""
    account = pwd.getpwnam(user)
    path.mkdir(mode=0o700, exist_ok=True)
    os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)
