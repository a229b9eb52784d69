"""The kernel of `--sandbox none`, for machines that have no bubblewrap."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from ..limits import Limits
from .bubblewrap import limited
from .runfolder import RunFolder, meet
from .surroundings import environment, font_caches, helpers_folder


class UnprotectedProvisioner(LocalProvisioner):
    """A kernel of this user on this machine, with nothing of the sandbox but its clean environment
    and temporary home, its sockets, and those limits that a plain process can have."""

    limits = Limits()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        self.folder = RunFolder()
        home, lab = self.folder.path / "home", self.folder.path / "lab"
        home.mkdir()
        lab.mkdir()
        helpers = helpers_folder()
        if helpers is not None:
            (lab / "ntk_helpers").symlink_to(helpers)
        fonts = home / ".cache" / "matplotlib"
        fonts.mkdir(parents=True)
        for path in font_caches():
            shutil.copy(path, fonts)
        meet(self.parent, self.folder)
        self.connection_info = self.parent.get_connection_info()
        env = environment(str(home), str(lab), tmp=str(home))
        del env["NTK_SANDBOX"]
        if "NTK_DATA" in os.environ:
            env["NTK_DATA"] = os.environ["NTK_DATA"]
        command = limited(self.limits, processes=False) + self.parent.format_kernel_cmd()
        null = subprocess.DEVNULL
        return {
            "cmd": command,
            "env": env,
            "cwd": str(home),
            "stdin": null,
            "stdout": null,
            "stderr": null,
        }

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart)
        if getattr(self, "folder", None) is not None:
            self.folder.remove()
