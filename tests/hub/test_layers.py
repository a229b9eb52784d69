"""The grader's environment lies on top of the students': the sandbox shows both, and the grader's
package in neither."""

from __future__ import annotations

import sys

from autograder.limits import Limits
from autograder.sandbox.bubblewrap import Sandbox, find_bwrap
from autograder.sandbox.warden import Warden


def test_packages_of_the_environment_below_are_shown(tmp_path, monkeypatch):
    below, other = tmp_path / "below" / "site-packages", tmp_path / "other"
    for folder in (below / "autograder", other):
        folder.mkdir(parents=True)
    (below / "lab_tool.py").write_text("")
    (below / "autograder" / "secret.py").write_text("")
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o011)  # a sandbox has a uid of its own
    monkeypatch.setattr(sys, "path", [*sys.path, str(below), str(other)])
    shown = f"os.path.exists({str(below / 'lab_tool.py')!r})"
    hidden = (
        f"os.path.exists({str(other)!r}) or "
        f"os.path.exists({str(below / 'autograder' / 'secret.py')!r})"
    )
    code = f"import os, sys; sys.exit(not ({shown}) or {hidden})"
    limits = Limits()
    warden = Warden(
        Sandbox([sys.executable, "-I", "-S", "-c", code], limits, bwrap=find_bwrap()), limits
    )
    assert warden.ended.wait(60)
    assert warden.returncode == 0, warden.stderr
