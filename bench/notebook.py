"""Where the time of notebook 1 goes, on one thread: arithmetic, and all the rest.

`python -m bench.notebook`: this tree. `python -m bench.notebook DIR [rounds]`: another checkout and
this tree in turn, and the ratio of the two.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
import psutil
from nbclient import NotebookClient

from demo.submissions import ROOT

NOTEBOOK = Path("source", "tp5-ntk", "1-neural-tangent-kernel.ipynb")
# training steps, and linear systems of up to 1900 images
ARITHMETIC = ("run-document", "interpolate", "drift", "bound-scan")
# the first optimizer that is made imports torch's compiler
IMPORTS = ("imports", "helpers", "checkpoint_train")
KINDS = ("arithmetic", "start of the kernel", "imports", "figures", "hidden tests", "other cells")


def kind(cell: nbformat.NotebookNode) -> str:
    if cell.id in ARITHMETIC:
        return "arithmetic"
    if cell.id in IMPORTS:
        return "imports"
    if cell.id.startswith("test_"):
        return "hidden tests"
    return "figures" if any("image/png" in str(o) for o in cell.outputs) else "other cells"


def measure(tree: Path) -> dict[str, float]:
    """Processor time (s) of a kernel that runs the master of a checkout, by the kind of cell; under
    "wall", how long the whole took."""
    notebook = nbformat.read(tree / NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    environment = os.environ | {"PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    spent = dict.fromkeys(KINDS, 0.0)
    began = time.perf_counter()
    with client.setup_kernel(env=environment, cwd=str((tree / NOTEBOOK).parent)):
        kernel = psutil.Process(kernel_pid(client))
        before = spent["start of the kernel"] = _cpu(kernel)
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, index)
                now = _cpu(kernel)
                spent[kind(cell)] += now - before
                before = now
    return spent | {"wall": time.perf_counter() - began}


def kernel_pid(client: NotebookClient) -> int:
    """The process of a client's kernel, which must have been started."""
    assert client.km is not None
    provisioner: Any = client.km.provisioner  # a local one; jupyter_client types its pid as None
    return provisioner.pid


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def rest(spent: Mapping[str, float], tests: bool = True) -> float:
    left_out = {"arithmetic", "wall"} | (set() if tests else {"hidden tests"})
    return sum(seconds for name, seconds in spent.items() if name not in left_out)


def main(other: str | None = None, rounds: str = "3") -> None:
    trees = [Path(other).resolve(), ROOT] if other else [ROOT]
    rows: dict[Path, list[dict[str, float]]] = {tree: [] for tree in trees}
    for _ in range(int(rounds) if other else 1):
        for tree in trees:
            rows[tree].append(measure(tree))
    print("processor time of the kernel (s), median: " + ", then ".join(map(str, trees)))
    for name in (*KINDS, "wall"):
        values = [median(row[name] for row in rows[tree]) for tree in trees]
        print(f"  {name:22}", *(f"{value:7.2f}" for value in values))
    for name, tests in (("all but the arithmetic", True), ("the same as a student runs it", False)):
        values = [median(rest(row, tests) for row in rows[tree]) for tree in trees]
        pairs = zip(*(rows[tree] for tree in trees), strict=True)
        ratios = [rest(pair[-1], tests) / rest(pair[0], tests) for pair in pairs]
        told = f"   ratio {median(ratios):.2f} (each pair: {', '.join(f'{r:.2f}' for r in ratios)})"
        print(f"{name:31}", *(f"{value:6.2f}" for value in values), told if other else "")


if __name__ == "__main__":
    main(*sys.argv[1:3])
