"""Which demonstration cells run: those that an answer may come upon, and no others."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.assignment.exam import ExamCell, Kind
from autograder.marking.needs import left_out, may_set

SETUP = """
import random, os, sys
import numpy as np
import torch
from numpy.random import seed
from torch import nn
from ntk_helpers.plots import image_grid
images = torch.zeros(3)
def accuracy(found, labels): return (found == labels).mean()
def restart(): torch.manual_seed(0)
def fresh(): restart()
"""
TRAIN = "torch.manual_seed(0)\nnet = nn.Linear(2, 1)\nlosses = train(net, images)"


def runs(*cells: tuple[Kind | None, str]) -> list[int]:
    """The numbers of the demonstrations that run, counted from 0 among all cells."""
    notebook = new_notebook(cells=[new_code_cell(source) for _, source in cells])
    known = {}
    for number, (cell, (kind, _)) in enumerate(zip(notebook.cells, cells, strict=True)):
        cell.id = f"cell-{number}"
        if kind is not None:
            known[cell.id] = ExamCell(cell.id, kind, 0, "", "")
    left = left_out(notebook, known)
    return [
        number
        for number, (kind, _) in enumerate(cells)
        if kind is Kind.DEMONSTRATION and f"cell-{number}" not in left
    ]


def run_before(demonstration: str, own: str) -> bool:
    """Whether a demonstration between the setup and a cell of the student's runs."""
    found = runs((Kind.SETUP, SETUP), (Kind.DEMONSTRATION, demonstration), (None, own))
    return found == [1]


@pytest.mark.parametrize(
    "own",
    [
        "net(images)",
        "losses[-1]",
        "print(f'{net}')",
        "print(f'{losses[0]:{net}}')",
        "[net(x) for x in images]",
        "{x: losses for x in images}",
        "[net for net in net]",
        "def f():\n    return net(images)",
        "def f(x=net):\n    return x",
        "def f(x: net):\n    return x",
        "f = lambda x: net(x)",
        "@net\ndef f(): pass",
        "class A(net): pass",
        "class A:\n    def f(self):\n        return net",
        "class A:\n    net = net",
        "def f():\n    global net\n    net = net + 1",
        "net.weight = 3",
        "net += 1",
        "del net",
        "for net.x in images: pass",
        "with net: pass",
        "if images.sum():\n    net = 1\nnet",
        "for x in []:\n    net = 1\nnet",
        "try:\n    net = 1\nexcept ValueError:\n    pass\nnet",
        "net = net",
        "net = 3 if net else 4",
        "match net:\n    case 1: pass",
        "def f():\n    def g():\n        return net\n    return g",
        "async def f():\n    await net",
        "await net",
        "assert net",
        "%time net(images)",
        "%timeit -n 3 -r 1 net(images)",
        "x = %timeit -o net(images)",
        "%%time\nnet(images)",
        "%%timeit -n 2\nnet(images)",
        "%%capture out\nnet(images)",
        "%%capture\n%time net(images)",
        "try:\n    net\nexcept NameError:\n    pass",
    ],
)
def test_a_name_that_is_read_is_there(own):
    assert run_before(TRAIN, own)


@pytest.mark.parametrize(
    "own",
    [
        "eval('ne' + 't')",
        "exec('x = ne' + 't')",
        "globals()['net']",
        "def f():\n    return locals()",
        "vars()['net']",
        "run = exec\nrun('net')",
        "import __main__\n__main__.net",
        "sys.modules['__main__'].net",
        "(lambda: 0).__globals__['net']",
        "get_ipython().user_ns['net']",
        "import importlib\nimportlib.import_module('__main__')",
        "%run other.py",
        "%whatever net",
        "%%bash\necho",
        "%%html\n<b>x</b>",
        "!echo {net}",
        "net?",
        "%time exec('net')",
        "%time %run other.py",
        "from other import *",
        "'net' in dir()",
        "import __main__ as m\nm.net",
        "from __main__ import net",
        "import builtins\nbuiltins.eval('net')",
        "here = __import__('__main__')",
        "import sys as s\ns.modules['__main__']",
        "import runpy\nrunpy.run_path('x')",
    ],
)
def test_in_doubt_it_runs(own):
    assert run_before("net = 1", own)


@pytest.mark.parametrize(
    "own",
    [
        "def train(net, losses):\n    losses.append(net)\n    return losses",
        "def train(model):\n    net = model\n    return net",
        "net = 3\nnet + 1",
        "net, losses = 1, 2\nprint(net, losses)",
        "net: int = 3\nnet",
        "def net(): pass\nnet()",
        "import numpy as net\nnet.zeros(3)",
        "class net: pass\nnet()",
        "[net for net in images]",
        "{net: losses for net, losses in images}",
        "for net in images:\n    print(net)",
        "with open('x') as net:\n    net.read()",
        "(lambda net: net + 1)(3)",
        "images.net",
        "dict(net=3)",
        "'net'  # net",
        "def f(:\n    net",
        "%matplotlib inline",
        "%time net = 3",
    ],
)
def test_a_name_of_the_cells_own_needs_nothing(own):
    assert not run_before("net = losses = 1", own)


@pytest.mark.parametrize(
    ("demonstration", "own"),
    [
        ("import math as m", "m.pi"),
        ("from os import path as where", "where.join('a', 'b')"),
        ("from math import *", "pi"),
        ("def helper(): return 1", "helper()"),
        ("class Helper: pass", "Helper()"),
        ("for row in images: pass", "row"),
        ("with open('x') as file: pass", "file"),
        ("if (found := 3): pass", "found"),
        ("[found := x for x in images]", "found"),
        ("def f():\n    global made\n    made = 1\nf()", "made"),
        ("exec('made = 1')", "made"),
        ("%time made = 1", "made"),
        ("%run setup.py", "def f(): pass"),
        ("%load_it", "def f(): pass"),
        ("torch.backends.flag = True", "def f(): pass"),
        ("torch.pi = 3", "torch.pi"),
        ("np.set_printoptions(precision=3)", "def f(): pass"),
        ("torch.set_default_dtype(torch.float64)", "def f(): pass"),
        ("os.environ['A'] = '1'", "def f(): pass"),
        ("os.environ.update(A='1')", "def f(): pass"),
        ("sys.path.insert(0, 'x')", "def f(): pass"),
        ("os.chdir('x')", "def f(): pass"),
        ("open('x', 'w').write('y')", "def f(): pass"),
        ("np.save('x', images)", "def f(): pass"),
        ("images[0] = 1", "images"),
        ("images.data = 1", "images"),
        ("images.add_(1)", "images"),
        ("images.fill(1)", "images"),
        ("torch.manual_seed(0)", "torch.randn(3)"),
        ("np.random.seed(0)", "np.random.rand()"),
        ("random.seed(0)", "random.random()"),
        ("seed(0)", "np.random.rand()"),
        ("restart()", "torch.randn(3)"),
        ("fresh()", "torch.randn(3)"),
        ("torch.manual_seed(0)", "class A:\n    x = torch.randn(3)"),
        ("torch.manual_seed(0)", "def f(x=torch.randn(3)): pass"),
    ],
)
def test_whatever_a_locked_cell_does_beyond_itself(demonstration, own):
    assert run_before(demonstration, own)


@pytest.mark.parametrize(
    ("demonstration", "own"),
    [
        ("print(images)", "images"),
        ("image_grid(images)", "images"),
        ("print(accuracy(images, images))", "images"),
        ("generator = torch.Generator().manual_seed(0)", "torch.randn(3)"),
        ("torch.manual_seed(0)", "def f():\n    return torch.randn(3)"),
        ("torch.manual_seed(0)", "class A(nn.Module):\n    def f(self):\n        torch.randn(3)"),
        ("rows = []\nrows.append(1)", "images"),
        ("total = images.sum()", "images"),
        ("x = np.sort(images)", "images"),
    ],
)
def test_what_stays_in_the_locked_cell_needs_not_run(demonstration, own):
    assert not run_before(demonstration, own)


def test_through_other_cells():
    setup, demo, own = (Kind.SETUP, SETUP), Kind.DEMONSTRATION, None
    # what a needed one reads in its turn, and what changes it meanwhile
    assert runs(setup, (demo, "a = 1"), (demo, "b = a"), (own, "b")) == [1, 2]
    assert runs(setup, (demo, "a = []"), (demo, "a.append(1)"), (own, "a")) == [1, 2]
    assert runs(setup, (demo, "net = f()"), (demo, "train(net)"), (own, "net")) == [1, 2]
    assert runs(setup, (demo, "a = 1"), (own, "a"), (demo, "b = a")) == [1]
    assert runs(setup, (demo, "a = 1"), (own, "3"), (demo, "b = a")) == []
    # a function may be called after a later cell has set what it reads
    assert runs(setup, (own, "def f():\n    return a"), (demo, "a = 1"), (own, "f()")) == [2]
    # a function that a demonstration defines reads what another one sets
    chain = (demo, "a = 1"), (demo, "def f():\n    return a"), (demo, "b = 2"), (own, "f()")
    assert runs(setup, *chain) == [1, 2]
    # checkpoints and setup cells run: what they read is there
    assert runs(setup, (demo, "a = 1"), (Kind.CHECKPOINT, "checkpoint('x', a)")) == [1]
    assert runs(setup, (demo, "a = 1"), (Kind.SETUP, "b = a"), (own, "b")) == [1]
    # seeds that a setup cell renews do not matter
    assert runs(setup, (demo, TRAIN), (Kind.SETUP, "torch.manual_seed(1)"), (own, "f()")) == []
    # a locked cell that can do anything may read everything before it
    assert runs(setup, (demo, "a = 1"), (demo, "exec('b = a')"), (own, "b")) == [1, 2]


@pytest.mark.parametrize(
    ("demonstration", "may"),
    [
        ("losses = train()", True),
        ("import numpy as losses", True),
        ("def f():\n    global losses\n    losses = 1", True),
        ("exec('lo' + 'sses = 1')", True),
        ("from other import *", True),
        ("%run other.py", True),
        ("print(losses)", False),
        ("self.losses = 1", False),
        ("losse = lossess = 1", False),
        ("", False),
        ("# a remark", False),
    ],
)
def test_a_missing_name_is_looked_for_where_it_may_be_set(demonstration, may):
    assert may_set(["x = 1", demonstration], "name 'losses' is not defined") is may
    assert may_set([demonstration, "x = 1"], "name 'losses' is not defined") is may


def test_a_name_error_that_names_nothing_is_believed():
    assert may_set(["x = 1"], "made by hand")
    assert not may_set([], "made by hand")


def test_nothing_of_the_lab_runs_for_the_masters_own_answers(exam):
    for notebook in exam.notebooks:
        left = left_out(notebook.fresh(), {cell.id: cell for cell in notebook.cells})
        shows = {cell.id for cell in notebook.cells if cell.kind is Kind.DEMONSTRATION}
        assert left == shows and len(shows) > 10
