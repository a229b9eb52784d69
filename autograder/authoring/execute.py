"""Run a master and keep what it shows: one thread, no timings, nothing on standard error."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from nbformat import NotebookNode

from ..errors import OneLine

IGNORE_OUTPUT = "nbval-ignore-output"
WIDGET = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class MasterError(OneLine):
    """A master cannot be synced or run. It says where and why."""


def execute(notebook: NotebookNode, path: Path, timeout: int) -> None:
    """Run all cells of `notebook` in place, in the folder of `path`; MasterError names the cell
    that fails."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # ids of the cells sent to the kernel: a kernel that dies at once leaves no other trace
    begun = ["(none)"]
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        on_cell_execute=lambda cell, cell_index: begun.append(cell.id),
    )
    try:
        # The kernel's own standard error, not that of the cells: a remark about TCP in the middle
        # of our lines.
        client.execute(env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        reason = f"{error.ename}: {ANSI.sub('', error.evalue).strip()}".splitlines()[0]
        raise MasterError(f"{path.name}, cell {begun[-1]}: {reason}") from None
    except CellTimeoutError:
        raise MasterError(
            f"{path.name}, cell {begun[-1]}: longer than {timeout} seconds."
        ) from None
    except DeadKernelError:
        raise MasterError(f"{path.name}, cell {begun[-1]}: the kernel died.") from None
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = tidy(cell, path.name)


def tidy(cell: NotebookNode, name: str) -> list[NotebookNode]:
    """Return the outputs that are worth keeping: no widgets, no standard error (forbidden but in
    tagged cells)."""
    kept = []
    for output in cell.outputs:
        passing = output.get("name") == "stderr" or WIDGET in output.get("data", {})
        if not passing:
            kept.append(output)
        elif IGNORE_OUTPUT not in cell.metadata.get("tags", []):
            text = output.get("text", "a progress bar").strip().splitlines() or [""]
            raise MasterError(
                f"{name}, cell {cell.id}: only cells tagged {IGNORE_OUTPUT} may write on standard "
                "error or show "
                f"a progress bar ({text[0][:120]})."
            )
    return kept
