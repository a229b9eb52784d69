"""A server extension: nbgrader's long requests are answered in a thread, so that the server goes on
meanwhile.

nbgrader runs Validate and Autograde in the server's event loop. For half a minute the server then
answers nothing, and JupyterLab tells a student who presses Validate that the server is unreachable.
"""

from __future__ import annotations

import asyncio
import json

from jupyter_server.serverapp import ServerApp
from tornado import web

FORMGRADER = "nbgrader.server_extensions.formgrader"
VALIDATE = "nbgrader.server_extensions.validate_assignment"


def _load_jupyter_server_extension(app: ServerApp) -> None:
    if app.jpserver_extensions.get(VALIDATE):
        _patch_validate()
    if app.jpserver_extensions.get(FORMGRADER):
        _patch_autograde()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "ntk_patience"}]


def _patch_validate() -> None:
    from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler

    one_at_a_time = asyncio.Lock()

    @web.authenticated
    async def post(self: ValidateAssignmentHandler) -> None:
        path = self.get_argument("path", None) or (self.get_json_body() or {}).get("path")
        if not isinstance(path, str):
            raise web.HTTPError(400, "Validate needs the path of a notebook")
        async with one_at_a_time:
            output = await asyncio.to_thread(self.validate_notebook, path)
        self.finish(json.dumps(output))

    ValidateAssignmentHandler.post = post


def _patch_autograde() -> None:
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.server_extensions.formgrader.apihandlers import AutogradeHandler
    from nbgrader.server_extensions.formgrader.base import check_notebook_dir, check_xsrf

    one_at_a_time = asyncio.Lock()

    async def work(self: AutogradeHandler, assignment_id: str, student_id: str) -> None:
        formgrader = self.coursedir.parent
        formgrader.load_config_file()
        # A directory of its own: while it works, nbgrader writes the assignment and the student
        # into it.
        directory = CourseDirectory(parent=formgrader)
        directory.root = self.coursedir.root
        api = NbGraderAPI(directory, self.authenticator, parent=formgrader)
        api.log_level = self.log.level
        async with one_at_a_time:
            result = await asyncio.to_thread(api.autograde, assignment_id, student_id)
        self.finish(json.dumps(result))

    AutogradeHandler.post = web.authenticated(check_xsrf(check_notebook_dir(work)))
