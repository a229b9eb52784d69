"""A seccomp filter that closes the ways around the sandbox's other limits.

Four kinds of system calls are refused: those that make memory which no limit counts (anonymous
shared mappings, memfd, System V IPC, io_uring), those that enter new namespaces or mounts (a fresh
tmpfs has no size limit), sockets of families that a network namespace does not isolate (vsock), and
the choice of another processor than the sandbox's own.
"""

from __future__ import annotations

import errno
import platform
import struct

from ..errors import SandboxUnavailable

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, ARCH = 0, 4  # offsets in struct seccomp_data; argument i lies at 16 + 8 i
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW* flag of clone(2)
MAP_KIND, SHARED_ANONYMOUS = 0x2F, 0x21  # MAP_TYPE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS
FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
X32 = 0x40000000  # on x86-64, numbers from here on name the same calls again

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# name: number on x86-64, number on aarch64
CALLS = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "mmap": (9, 222),
    "socket": (41, 198),
}
REFUSED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "sched_setaffinity": (203, 122),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _only_for(number: int, *body: bytes) -> bytes:
    """Run `body`, which must end in a return, when the call's number is `number`."""
    return _op(EQUAL, number, 0, len(body)) + b"".join(body)


def seccomp_filter(machine: str | None = None) -> bytes:
    """The filter as a BPF program. Raises SandboxUnavailable on a processor that it does not
    know."""
    machine = machine or platform.machine()
    if machine not in AUDIT_ARCH:
        raise SandboxUnavailable(
            f"The sandbox's system call filter does not know the processor {machine!r}."
        )
    column = list(AUDIT_ARCH).index(machine)
    call = {name: numbers[column] for name, numbers in CALLS.items()}
    argument = [16 + 8 * i for i in range(6)]
    allow = _op(RETURN, ALLOW)
    program = (
        _op(LOAD, ARCH)
        + _op(EQUAL, AUDIT_ARCH[machine], 1, 0)
        + _op(RETURN, KILL)
        + _op(LOAD, NUMBER)
    )
    if machine == "x86_64":
        program += _op(AT_LEAST, X32, 0, 1) + _op(RETURN, ERRNO | errno.ENOSYS)
    for numbers in REFUSED.values():
        program += _only_for(numbers[column], _op(RETURN, ERRNO | errno.EPERM))
    # clone3 hides its flags behind a pointer; glibc falls back to clone when it is told that there
    # is none.
    program += _only_for(call["clone3"], _op(RETURN, ERRNO | errno.ENOSYS))
    program += _only_for(
        call["clone"],
        _op(LOAD, argument[0]),
        _op(ANY_BIT, NEW_NAMESPACE, 0, 1),
        _op(RETURN, ERRNO | errno.EPERM),
        allow,
    )
    program += _only_for(
        call["mmap"],
        _op(LOAD, argument[3]),
        _op(AND, MAP_KIND),
        _op(EQUAL, SHARED_ANONYMOUS, 0, 1),
        _op(RETURN, ERRNO | errno.ENOMEM),
        allow,
    )
    known = [_op(EQUAL, family, len(FAMILIES) - i, 0) for i, family in enumerate(FAMILIES)]
    program += _only_for(
        call["socket"],
        _op(LOAD, argument[0]),
        *known,
        _op(RETURN, ERRNO | errno.EAFNOSUPPORT),
        allow,
    )
    return program + allow
