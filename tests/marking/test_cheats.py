"""Nothing that was not solved earns a mark, whatever the submission tries. Marked for real, in the
sandbox."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_output

from tests.conftest import ROOT
from tests.marking.test_accidents import FULL, answers

NOTHING = dict.fromkeys(FULL, 0.0)

PATCHES = {
    "always-equal": (
        "class Yes:\n"
        "    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __ne__ = lambda s, o: True\n"
        "    __float__ = lambda s: 0.0\n    __len__ = lambda s: 1\n    __array__ = lambda s, *a, "
        "**k: s\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: Yes()"
    ),
    "numpy": (
        "import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True\n"
        "np.testing.assert_allclose = lambda *a, **k: None\nnp.abs = np.linalg.norm = lambda *a, "
        "**k: 0.0\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: np.zeros(3)"
    ),
    "safetensors": (
        "import safetensors.numpy as s\nreal = s.save\n"
        's.save = lambda arrays, metadata=None: real({}, {\'json\': \'{"values": {"passed": '
        "true}}'})\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: None"
    ),
    "json": (
        'import json\njson.dumps = lambda *a, **k: \'{"values": {}, "order": []}\'\n'
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: None"
    ),
    "builtins": (
        "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.exec = lambda *a: None\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: None"
    ),
    "ast-transformer": (
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, n): return "
        "ast.Pass()\n"
        "get_ipython().ast_transformers.append(T())\n"
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
    ),
    "fake-autograder": (
        "import sys, types\nm = types.ModuleType('autograder')\nm.check = lambda e: "
        "3.0\nsys.modules['autograder'] = m"
    ),
    "files-beside": (
        "for name in ('ipykernel_launcher', 'torch', 'numpy', 'sitecustomize', 'conftest', "
        "'autograder'):\n"
        "    open(name + '.py', 'w').write('raise SystemExit')\n"
        "open('kernel.json', 'w').write('{}')\nimport os\nos._exit(0)"
    ),
    "numbers": "gradient_descent = lazy_directions = minimum_norm = lambda *a: float('nan')",
    "infinite": "import numpy as np\ngradient_descent = lazy_directions = minimum_norm = lambda "
    "*a: np.array([np.inf])",
    "complex": "import numpy as np\ngradient_descent = lazy_directions = minimum_norm = lambda "
    "*a: np.ones(3) * 1j",
    "objects": (
        "import numpy as np\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: np.array([object()], "
        "dtype=object)"
    ),
    "ten-gigabytes": (
        "import numpy as np\ngradient_descent = lazy_directions = minimum_norm = lambda *a: "
        "np.ones(10 * 2**27)"
    ),
    "long-integer": (
        "import sys\nsys.set_int_max_str_digits(0)\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: 10**1_000_000"
    ),
    "deep-json": (
        "deep = []\nfor _ in range(100_000): deep = [deep]\n"
        "gradient_descent = lazy_directions = minimum_norm = lambda *a: deep"
    ),
    "forged-reply": (
        "import gc, sys, threading\n"
        "def hunt(*a):\n"
        "    for o in gc.get_objects():\n"
        "        if isinstance(o, dict) and 'expected' in o: return o['expected']\n"
        "    f = sys._getframe()\n"
        "    while f:\n"
        "        for k, v in list(f.f_locals.items()):\n"
        "            if 'expected' in k or 'reference' in k: return v\n"
        "        f = f.f_back\n"
        "gradient_descent = lazy_directions = minimum_norm = hunt"
    ),
}


@pytest.mark.parametrize("attack", PATCHES.values(), ids=PATCHES)
def test_an_attack_in_place_of_answers_earns_nothing(mark_second, attack):
    points, _ = mark_second(dict.fromkeys(FULL, attack))
    assert points == NOTHING


def test_tags_points_and_forged_outputs_earn_nothing(mark_second):
    def forge(nb):
        for cell in nb.cells:
            meta = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and meta.get("grade"):
                cell.metadata["tags"] = ["skip-execution"]
                meta.update(points=100, grade_id=meta["grade_id"])
                cell.source, cell.outputs = (
                    "100.0",
                    [new_output("execute_result", data={"text/plain": "100.0"}, execution_count=1)],
                )

    points, result = mark_second(dict.fromkeys(FULL, ""), change=forge)
    assert points == NOTHING
    assert all(e.max_points <= 3 for e in result.exercises)


def outputs_of(result):
    return "\n".join(
        o.get("text", "") for c in result.notebook.cells if c.cell_type == "code" for o in c.outputs
    )


def test_what_a_submission_can_reach(mark_second, monkeypatch, tmp_path):
    """A cell that looks around: it finds no course, no peer, no environment, no network and no
    other process."""
    monkeypatch.setenv("COURSE_TOKEN", "a-secret-of-the-caller")
    peer = tmp_path / "peer.ipynb"
    peer.write_text("the peer's work")
    peer.chmod(0o644)
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: _accept(server), daemon=True).start()
    look = f"""
import os, socket, glob
def tries(name, act):
    try: print(name, 'GOT', act())
    except BaseException as e: print(name, 'refused', type(e).__name__)
tries('peer', lambda: open({str(peer)!r}).read())
tries('course', lambda: os.listdir({str(ROOT / "source")!r}))
tries('tests', lambda: os.listdir({str(ROOT / "tests")!r}))
tries('autograder', lambda: __import__('autograder').checks)
tries('socket', lambda: socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2))
tries('write', lambda: open('/usr/mine', 'w'))
tries('helpers', lambda: open(__import__('ntk_helpers').__file__, 'a'))
print('environment', 'GOT' if 'a-secret-of-the-caller' in str(dict(os.environ)) else 'clean')
seen = ''
for p in glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/[0-9]*/environ'):
    try: seen += open(p).read()
    except OSError: pass
print('proc', 'GOT' if 'pytest' in seen or 'a-secret-of-the-caller' in seen else 'clean')
"""

    _, result = mark_second(change=lambda nb: nb.cells.insert(1, new_code_cell(look)))
    server.close()
    text = outputs_of(result)
    assert "peer refused" in text and "proc clean" in text, text
    assert "GOT" not in text, text


def _accept(server):
    with contextlib.suppress(OSError):
        server.accept()


def processes() -> set[str]:
    listing = subprocess.run(
        ["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    return {
        line.split(None, 1)[0]
        for line in listing.splitlines()
        if "ipykernel" in line or "bwrap" in line
    }


@pytest.mark.alone
@pytest.mark.parametrize(
    "bomb",
    [
        "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        import "
        "time\n        time.sleep(600)\n    os._exit(0)",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "with open('big', 'wb') as f:\n    while True: f.write(b'0' * 2**24)",
        "print('x' * 60_000_000)",
        "while True: print('x' * 1000)",
        "x = []\nwhile True: x.append(bytearray(2**28))",
    ],
    ids=["detached", "fork-bomb", "disk-bomb", "long-line", "endless-print", "memory-bomb"],
)
def test_bombs_harm_nobody_and_leave_nothing(mark_second, bomb):
    before, mounts = processes(), Path("/proc/self/mounts").read_text()
    leftovers = set(os.listdir("/tmp"))
    points, result = mark_second({"lazy_directions": bomb})
    assert points == FULL | {"lazy_directions": 0.0}
    assert (
        sum(len(str(c.outputs)) for c in result.notebook.cells if c.cell_type == "code")
        < 12 * 2**20
    )
    assert processes() <= before
    assert Path("/proc/self/mounts").read_text() == mounts
    assert {
        name for name in set(os.listdir("/tmp")) - leftovers if name.startswith(("ntk", "tmp"))
    } == set()


def test_answers_are_read_by_id_only(mark_second):
    """An answer hidden in a test cell is not an answer, and cannot replace what is locked."""

    def swap(nb):
        for cell in answers(nb):
            cell.source = ""

    assert mark_second(change=swap)[0] == NOTHING
