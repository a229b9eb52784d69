"""One running kernel: cells go in and outputs come out, probes go in and data comes out."""

from __future__ import annotations

import asyncio
import base64
import inspect
import logging
import math
from collections.abc import Sequence
from enum import Enum
from queue import Empty
from time import monotonic
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from ..assignment.beside import Files
from ..door import inside as door
from ..door.student import BadReply, Data, ProbeFailed, ProbeTimeout, StudentDied, decode, encode
from ..sandbox.provisioner import start_sandboxed_kernel, stop_kernel
from ..text import one_line
from .missing import asked_for
from .terms import Terms

DOOR = inspect.getsource(door)
# What nbclient has to say of a student's cells. Its own choice is the application's log, in which
# nbgrader writes of the class.
LOG = logging.getLogger("autograder.cells")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False


class Ran(Enum):
    """How a cell ended. After TIMEOUT and DIED the kernel is gone."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    DIED = "died"


class _BoundedClient(NotebookClient):
    """nbclient's loop for one cell, with a bound on what a cell may print and without widget
    state."""

    output_limit = 2**20
    seen = 0

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> Any:
        if msg["msg_type"] in (
            "stream",
            "display_data",
            "execute_result",
            "update_display_data",
            "error",
        ):
            self.seen += size_of(msg["content"])
            if self.seen > self.output_limit:
                return None
        return super().process_message(msg, cell, cell_index)

    def handle_comm_msg(self, outs: list, msg: dict, cell_index: int) -> None:
        """Widgets have no browser to live in here; keeping their state would be an unbounded
        memory."""


def size_of(value: Any) -> int:
    """About how many characters a message or an output holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return 16 + sum(size_of(k) + size_of(v) for k, v in value.items())
    if isinstance(value, list):
        return 16 + sum(size_of(item) for item in value)
    return 8


class Kernel:
    """A fresh kernel in the chosen sandbox. `alive` turns False for good when it hung, died or
    broke the protocol."""

    def __init__(self, terms: Terms, files: Files = ()):
        """files: what its working directory holds from the beginning."""
        self.terms, self.limits, self.files = terms, terms.limits, files
        self.alive = False
        self.ended_because: str | None = None  # why the sandbox was ended for using too much

    async def start(self) -> Kernel:
        """Raises InfrastructureError when no kernel can be had."""
        self.km, self.kc = await start_sandboxed_kernel(
            self.limits,
            sandbox=self.terms.sandbox,
            surroundings=self.terms.surroundings,
            files=self.files,
        )
        self.client = _BoundedClient(
            new_notebook(), km=self.km, log=LOG, allow_errors=True, interrupt_on_timeout=False
        )
        self.client.record_timing = False
        self.client.kc = self.kc
        self.alive = True
        return self

    async def stop(self) -> None:
        self.alive = False
        if hasattr(self, "km"):
            self.ended_because = getattr(self.km.provisioner, "ended_because", None)
            await stop_kernel(self.km, self.kc)
            del self.km

    async def _kill(self, outcome: Ran) -> Ran:
        await self.stop()
        return outcome

    async def run_cell(self, cell: NotebookNode, seconds: float, room: int) -> Ran:
        """Run a code cell, leaving its outputs in it, as far as there is `room` for them (bytes).
        Returns how it ended."""
        client = self.client
        client.output_limit = min(room, self.limits.output_bytes)
        client.timeout, client.seen = max(1, round(seconds)), 0
        client.nb.cells.append(cell)
        try:
            # nbclient looks at its clock between messages only: a flood of them would stop it.
            async with asyncio.timeout(client.timeout + client.iopub_timeout + 1) as clock:
                await client.async_execute_cell(cell, len(client.nb.cells) - 1)
        except (CellTimeoutError, TimeoutError):
            return await self._kill(Ran.TIMEOUT)
        # it died, or sent what is no Jupyter message: then it gave up the protocol
        except Exception:
            task = asyncio.current_task()
            # nbclient takes our own end for the kernel's
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from None
            return await self._kill(Ran.TIMEOUT if clock.expired() else Ran.DIED)
        failed = any(output.get("output_type") == "error" for output in cell.outputs)
        return Ran.ERROR if failed else Ran.OK

    async def probe(
        self, probe: str, returns: Sequence[str], inputs: bytes, seconds: float
    ) -> bytes:
        """The reply to a probe as bytes. Raises a ProbeError; after StudentLost the kernel is
        gone."""
        payload = base64.b64encode(inputs).decode("ascii")
        expression = (
            f"(lambda b, d: (b.exec({DOOR!r}, d), d['Reply'](d['answer']({probe!r}, "
            f"{list(returns)!r},"
            f" d['base64'].b64decode({payload!r}), b.globals())))[1])(__import__('builtins'), {{}})"
        )
        drain = asyncio.ensure_future(self._drain())
        try:
            reply = await self._ask(expression, seconds)
        except (ProbeTimeout, StudentDied):
            await self.stop()
            raise
        except Exception as error:
            await self.stop()
            raise StudentDied("The notebook's process broke off the conversation.") from error
        finally:
            drain.cancel()
        return _unwrap(reply)

    async def _ask(self, expression: str, seconds: float) -> dict:
        deadline = monotonic() + seconds
        sent = self.kc.execute(
            "", silent=True, store_history=False, user_expressions={"reply": expression}
        )
        while True:
            try:
                message = await self.kc.shell_channel.get_msg(
                    timeout=max(0.05, min(1.0, deadline - monotonic()))
                )
            except Empty:
                if not await self.km.is_alive():
                    raise StudentDied("The notebook's process ended while it was asked.") from None
            else:
                if message["parent_header"].get("msg_id") == sent:
                    return message["content"]
            if monotonic() > deadline:  # also when messages keep coming that answer nothing
                raise ProbeTimeout(f"No answer came within {seconds:.3g} seconds.")

    async def _drain(self) -> None:
        """Throw away what is printed while a probe runs, so that it cannot pile up in the
        grader."""
        while True:
            try:
                await self.kc.iopub_channel.get_msg(timeout=None)
            except (asyncio.CancelledError, GeneratorExit):
                raise
            except Exception:  # not a Jupyter message: nothing to keep
                await asyncio.sleep(0.01)


def _unwrap(content: dict) -> bytes:
    try:
        result = content["user_expressions"]["reply"]
        if result["status"] == "error":
            raise ProbeFailed(f"{one_line(result['ename'], 80)}: {one_line(result['evalue'], 300)}")
        return base64.b64decode(result["data"][door.MIME], validate=True)
    except ProbeFailed:
        raise
    except Exception as error:
        raise BadReply("The answer could not be read as data.") from error


class SandboxedStudent:
    """The narrow door from the grader's side (see `autograder.door.student.Student`).

    Lives in a worker thread, where checks run; `loop` is the event loop that owns the kernel's
    sockets.
    """

    def __init__(
        self,
        kernel: Kernel,
        loop: asyncio.AbstractEventLoop,
        seconds: float,
        deadline: float = math.inf,
    ):
        """seconds: for one probe; deadline: for all of them, as `time.monotonic` counts."""
        self.kernel, self.loop, self.seconds, self.deadline = kernel, loop, seconds, deadline
        self.waited = 0.0
        self.name_errors: list[str] = []  # an answer asked for a name that is not there
        self.missing: list[str] = []  # or for a module

    def run(self, probe: str, *, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        if not self.kernel.alive:
            raise StudentDied("The notebook's process had ended before.")
        began = monotonic()
        if began > self.deadline:
            raise ProbeTimeout("The answers of this exercise took too long, all together.")
        seconds = min(self.seconds, max(1.0, self.deadline - began))
        asked = self.kernel.probe(probe, returns, encode(inputs), seconds)
        try:
            reply = asyncio.run_coroutine_threadsafe(asked, self.loop).result()
            return decode(reply, returns, self.kernel.limits.reply_bytes)
        except ProbeFailed as error:
            if error.name_error:
                self.name_errors.append(error.name_error)
            if (module := asked_for(str(error))) is not None:
                self.missing.append(module)
            raise
        finally:
            self.waited += monotonic() - began
