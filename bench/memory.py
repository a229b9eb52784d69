"""What one student at work needs: resident memory of a kernel that has run a notebook's master,
with the hub's settings and without each of them. `python -m bench memory`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from bench.notebook import kernel_pid

SOURCE = Path(__file__).resolve().parent.parent / "source" / "tp5-ntk"
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
HUB = dict.fromkeys(THREADS, "1") | {"MALLOC_ARENA_MAX": "2"}
FIRST = "1-neural-tangent-kernel"
WHOLE = """
from torchvision import datasets, transforms
to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
"""
CASES = {
    "the hub's settings": ({}, ""),
    "without a limit on glibc's arenas": ({"MALLOC_ARENA_MAX": None}, ""),
    "with as many threads as cores": (dict.fromkeys(THREADS), ""),
    "with torchvision imported, as in the source document": ({}, WHOLE),
    "with none of the three": ({"MALLOC_ARENA_MAX": None} | dict.fromkeys(THREADS), WHOLE),
}


def status(pid: int) -> dict[str, float]:
    """Resident memory now and at its highest (MiB)."""
    text = Path(f"/proc/{pid}/status").read_text()
    kibibytes = dict(re.findall(r"(\w+):\s+(\d+) kB", text))
    return {name: int(kibibytes[name]) / 1024 for name in ("VmRSS", "VmHWM")}


def measure(changes: dict[str, str | None], before: str) -> dict[str, float]:
    """Run notebook 1 in a kernel of its own, and look at the kernel when it is done."""
    notebook = nbformat.read(SOURCE / f"{FIRST}.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    settings = {k: v for k, v in (os.environ | HUB | changes).items() if v is not None}
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=True)
    with client.setup_kernel(env=settings, cwd=str(SOURCE)):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        return status(kernel_pid(client))


def main() -> None:
    base = None
    for name, (changes, before) in CASES.items():
        found = measure(changes, before)
        base = base or found["VmRSS"]
        print(
            f"{name:<55} {found['VmRSS']:6.0f} MiB at the end, {found['VmHWM']:6.0f} at most, "
            f"{found['VmRSS'] / base:.2f} of the first",
            flush=True,
        )


if __name__ == "__main__":
    main()
