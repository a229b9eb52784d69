"""The kernel of `--sandbox none`, for machines that have no bubblewrap."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Any as AnyTrait
from traitlets import Instance

from ..limits import Limits
from .bubblewrap import limited
from .runfolder import RunFolder, meet
from .surroundings import Surroundings, environment, font_caches


class UnprotectedProvisioner(LocalProvisioner):
    """A kernel of this user on this machine, with nothing of the sandbox but its clean environment
    and temporary home, its sockets, and those limits that a plain process can have."""

    limits = Instance(Limits, ())
    surroundings = Instance(Surroundings, ())
    files = AnyTrait(())  # (path, content) of what the working directory holds

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        self.folder = RunFolder()
        home, lab = self.folder.path / "home", self.folder.path / "lab"
        home.mkdir()
        lab.mkdir()
        for name, helper in self.surroundings.helper_folders().items():
            (lab / name).symlink_to(helper)
        for name, content in self.files:
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o444)
        fonts = home / ".cache" / "matplotlib"
        fonts.mkdir(parents=True)
        for path in font_caches():
            shutil.copy(path, fonts)
        manager: Any = self.parent
        meet(manager, self.folder)
        self.connection_info = manager.get_connection_info()
        python = self.surroundings.interpreter()
        env = environment(str(home), str(lab), python, tmp=str(home))
        env |= {name: str(path) for name, path in self.surroundings.data_folders().items()}
        command = limited(self.limits, processes=False) + manager.format_kernel_cmd()
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
