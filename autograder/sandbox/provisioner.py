"""Kernels in a sandbox: a jupyter_client kernel provisioner, and the two functions that the
examiner uses.

The provisioner serves any Jupyter tool; a kernelspec names it so:

    "metadata": {"kernel_provisioner": {"provisioner_name": "ntk-sandbox", "config":
    {"memory_bytes": 2147483648}}}
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Sequence
from time import monotonic
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Any as AnyTrait
from traitlets import Float, List, Unicode

from ..errors import InfrastructureError
from ..limits import Limits, setting
from ..text import last_line
from .available import probe_sandbox, unavailable
from .bubblewrap import CONNECTION, SOCKETS, Sandbox, find_bwrap
from .runfolder import PORTS, RunFolder, meet
from .surroundings import Surroundings
from .unprotected import UnprotectedProvisioner
from .warden import Warden

__all__ = [
    "SandboxProvisioner",
    "find_bwrap",
    "probe_sandbox",
    "start_sandboxed_kernel",
    "stop_kernel",
]

KERNEL = ["-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
# No history file, and no imports from the home. `exit()` ends a kernel a moment after its cell, in
# the middle of what follows: here it does nothing.
QUIET = ["--HistoryManager.enabled=False", "--IPKernelApp.ignore_cwd=True"]
# What lies in the working directory can be imported, after everything that is installed.
LAST = "__import__('sys').path.append(__import__('os').getcwd())"
# `!command` through pipes: there are no terminals in here.
SHELL = """
def _system(command):
    from IPython.utils.process import get_output_error_code as run
    shell = get_ipython()
    out, err, shell.user_ns["_exit_code"] = run(shell.var_expand(command, depth=1))
    print(out + err, end="")
get_ipython().system = _system
del _system"""
QUIET += [f"--IPKernelApp.exec_lines=get_ipython().ask_exit = lambda: None; {LAST}{SHELL}"]
START_SECONDS, STOP_SECONDS = 60.0, 4.0
LIMITED = ("memory_bytes", "processes", "open_files", "file_bytes", "home_bytes")
LOG = logging.getLogger("autograder.sandbox")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False


Files = Sequence[tuple[str, bytes]]


class PatientChannel(AsyncZMQSocketChannel):
    """Lets everything else of the event loop take its turn before each message: a flood must not
    stop the clocks."""

    # jupyter_client declares the blocking channel's type, which the asynchronous one has not
    async def get_msg(  # type: ignore[override]
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        await asyncio.sleep(0)
        return await super().get_msg(timeout)


class SandboxProvisioner(KernelProvisionerBase):
    """Starts a kernel in bubblewrap: no network, no sight of the machine, hard limits, one private
    home.

    Nothing of the caller's environment is passed on, and no file but the ones that the sandbox
    shows. The grader reaches the kernel's sockets through descriptors that it took before any cell
    ran, so the kernel can redirect none of them. As root each sandbox has a uid of its own; as an
    ordinary user it has a user namespace.
    """

    memory_bytes = setting("memory_bytes")
    processes = setting("processes")
    open_files = setting("open_files")
    file_bytes = setting("file_bytes")
    home_bytes = setting("home_bytes")
    binds = List(
        Unicode(), help="More paths to show in the sandbox, read-only, where they are."
    ).tag(config=True)
    helpers = List(Unicode(), help="Packages that the kernel is given, wherever they lie.").tag(
        config=True
    )
    data = List(Unicode(), help="Environment variables that name folders of data to show.").tag(
        config=True
    )
    python = Unicode(
        "", help="The Python of the kernel, by its path; empty: the one that this runs in."
    ).tag(config=True)
    files = AnyTrait(
        (), help="(path, content) of each file that the kernel's working directory holds."
    )
    bwrap = Unicode("", help="Path of bubblewrap; empty: the one on the PATH.").tag(config=True)
    start_seconds = Float(
        START_SECONDS, help="How long a kernel may take to open its sockets (s)."
    ).tag(config=True)

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.warden: Warden | None = None
        self.folder: RunFolder | None = None
        self.uid: int | None = None
        self._pinned: list[int] = []

    @property
    def has_process(self) -> bool:
        return self.warden is not None

    @property
    def ended_because(self) -> str | None:
        """Why the sandbox was ended for using too much; None when it was not."""
        return self.warden.ended_because if self.warden else None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        self.folder = self.folder or RunFolder()
        manager: Any = self.parent
        meet(manager, self.folder)
        self.connection_info = manager.get_connection_info()
        self.kernel_spec.interrupt_mode = "message"
        outside = os.path.realpath(manager.connection_file)
        command = manager.format_kernel_cmd(extra_arguments=kwargs.pop("extra_arguments", []))
        return {"cmd": [word.replace(outside, CONNECTION) for word in command]}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Raises InfrastructureError when the sandbox or the kernel in it does not start."""
        outside: dict[str, Any] = dict(self.connection_info)
        inside = outside | {"ip": f"{SOCKETS}/k", "key": outside["key"].decode()}
        limits = Limits(**{name: getattr(self, name) for name in LIMITED})
        sandbox = Sandbox(
            cmd,
            limits,
            bwrap=self.bwrap or find_bwrap(),
            surroundings=Surroundings(tuple(self.helpers), tuple(self.data), self.python),
            connection=json.dumps(inside).encode(),
            binds=self.binds,
            extra_environment=self.kernel_spec.env,
            files=self.files,
        )
        self.uid = sandbox.uid
        self.warden = Warden(sandbox, limits)
        try:
            await self._pin_sockets(self.warden)
        except BaseException:
            await self.kill()
            await self.wait()
            raise
        return self.connection_info

    async def _pin_sockets(self, warden: Warden) -> None:
        """Hold each of the kernel's sockets, and put a link to it where clients look for it."""
        deadline = monotonic() + self.start_seconds
        for number in PORTS.values():
            while (fd := warden.open_socket(f"{SOCKETS}/k-{number}")) is None:
                if warden.ended.is_set():
                    raise unavailable(warden.stderr)
                if monotonic() > deadline:
                    raise InfrastructureError(
                        f"The sandboxed kernel did not start in {self.start_seconds:g} s."
                    )
                await asyncio.sleep(0.01)
            self._pinned.append(fd)
            assert self.folder is not None  # made in pre_launch
            link = self.folder.path / f"k-{number}"
            link.unlink(missing_ok=True)
            link.symlink_to(f"/proc/{os.getpid()}/fd/{fd}")
        warden.watch()

    async def poll(self) -> int | None:
        """None while it runs."""
        if self.warden is None or not self.warden.ended.is_set():
            return None if self.warden else 0
        return self.warden.returncode

    async def wait(self) -> int | None:
        warden = self.warden
        if warden is None:
            return 0
        while not warden.ended.is_set():
            await asyncio.sleep(0.01)
        self.warden = None
        return warden.returncode

    async def send_signal(self, signum: int) -> None:
        """SIGTERM and SIGKILL end the sandbox. Interrupts go by message, on the control channel."""
        if self.warden is not None and signum in (9, 15):
            self.warden.kill()

    async def kill(self, restart: bool = False) -> None:
        await self.send_signal(9)

    async def terminate(self, restart: bool = False) -> None:
        await self.send_signal(15)

    async def cleanup(self, restart: bool = False) -> None:
        for fd in self._pinned:
            os.close(fd)
        self._pinned.clear()
        if self.folder is not None and not restart:
            self.folder.remove()
            self.folder = None


async def start_sandboxed_kernel(
    limits: Limits,
    *,
    sandbox: str = "bwrap",
    surroundings: Surroundings = Surroundings(),
    files: Files = (),
) -> tuple[AsyncKernelManager, AsyncKernelClient]:
    """A fresh kernel and a client that is ready, without any kernelspec on disk. files: (path,
    content) of what its working directory holds.

    `sandbox` is "bwrap", or "none": a plain local kernel in a temporary home, which can reach all
    that its user can. Messages larger than `limits.message_bytes` are never read. End it with
    `stop_kernel`. Raises InfrastructureError when no kernel can be had.
    """
    if sandbox not in ("bwrap", "none"):
        raise ValueError(f"sandbox is 'bwrap' or 'none', not {sandbox!r}")
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, limits.message_bytes)
    context.setsockopt(zmq.LINGER, 0)
    manager = AsyncKernelManager(context=context, log=LOG)
    spec = KernelSpec(
        argv=[surroundings.interpreter().executable, *KERNEL, *QUIET],
        display_name="ntk",
        language="python",
        interrupt_mode="message",
        resource_dir="",
    )
    manager._kernel_spec = spec
    common = {"kernel_id": "ntk", "kernel_spec": spec, "parent": manager, "files": files}
    if sandbox == "bwrap":
        named = {name: getattr(limits, name) for name in LIMITED}
        given = {"helpers": list(surroundings.helpers), "data": list(surroundings.data)}
        manager.provisioner = SandboxProvisioner(
            **common, **named, **given, python=surroundings.python
        )
    else:
        manager.provisioner = UnprotectedProvisioner(
            **common, limits=limits, surroundings=surroundings
        )
    client = None
    try:
        await manager.start_kernel()
        client = manager.client(context=context)
        client.shell_channel_class = client.iopub_channel_class = PatientChannel
        # What arrives where nobody reads would pile up; and without stdin `input()` fails at once.
        client.start_channels(hb=False, stdin=False, control=False)
        await client.wait_for_ready(timeout=START_SECONDS)
    except BaseException as error:
        detail = getattr(getattr(manager.provisioner, "warden", None), "stderr", "")
        await stop_kernel(manager, client)
        if isinstance(error, InfrastructureError) or not isinstance(error, Exception):
            raise
        raise InfrastructureError(
            f"No kernel: {last_line(detail) or last_line(str(error))}".rstrip(".")
        ) from error
    return manager, client


async def stop_kernel(manager: AsyncKernelManager, client: AsyncKernelClient | None) -> None:
    """End a kernel of `start_sandboxed_kernel`, whatever state it is in, within 5 s. Harmless when
    done twice."""
    provisioner: Any = manager.provisioner
    try:
        if client is not None:
            client.stop_channels()
        await provisioner.kill()
        await asyncio.wait_for(provisioner.wait(), STOP_SECONDS)
    except (OSError, TimeoutError, RuntimeError, zmq.ZMQError) as error:
        LOG.warning("A kernel did not end as it should: %s", error)
    finally:
        await manager.cleanup_resources()
        if not manager.context.closed:
            manager.context.destroy(linger=0)
