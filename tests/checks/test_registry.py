"""Where a check cell finds its check, and what that costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

NEAR = """
import sys
from pathlib import Path
from autograder.checks.registry import near
near(Path(sys.argv[1]), "gradient_descent").load("gradient_descent")
print(*sorted({"nbgrader", "nbformat", "jsonschema", "torch"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_a_check_cell_loads_nothing_of_nbgrader():
    """The notebook's own process pays for it: nbgrader takes longer to load than any check."""
    ran = subprocess.run(
        [sys.executable, "-c", NEAR, ROOT],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert ran.stdout.split() == []
