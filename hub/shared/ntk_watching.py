"""A server extension of the course's service: the page `…/watch`, on which instructors see how the
watcher is; `…/watch?json` has the same for programs.

It reads the file that the watcher writes in the course's folder, which is the server's own.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from time import localtime, strftime, time

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web

SECONDS = 5  # until the page looks again
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}"><meta name="color-scheme" content="light dark"><title>Watch: {short}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }}
th, td {{ text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }} h2 {{ font-size: 1.1rem; }}</style></head>
<body><main><h1>{head}</h1>{lines}{errors}
<p><small>This page looks again every {seconds} seconds. In a terminal: <code>ntk watch --status</code>.</small></p></main></body></html>
"""  # noqa: E501  (lines of a page)


class WatchHandler(JupyterHandler):
    """For whoever may enter the course's service: its instructors."""

    @web.authenticated
    def get(self) -> None:
        from autograder.classroom.watch_status import status_json
        from autograder.reports.watching import sentences

        status = status_json(self.settings["ntk_course"])
        if self.request.query == "json":
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps(status))
            return
        self.finish(page(status, sentences(status, time())))


def page(status: dict, lines: list[str]) -> str:
    """The page as HTML."""
    head = "Marks while they work" if status["watching"] else "Nobody is watching"
    rows = "".join(
        f'<tr><th scope="row">{strftime("%d %b %H:%M:%S", localtime(error["at"]))}</th>'
        f"<td>{html.escape(error['of'])}: {html.escape(error['what'])}</td></tr>"
        for error in reversed(status["errors"])
    )
    errors = (
        f"<h2>Errors, the newest first</h2><table><tbody>{rows}</tbody></table>" if rows else ""
    )
    short = f"{status['waiting']} waiting" if status["watching"] else "off"
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return PAGE.format(seconds=SECONDS, short=short, head=head, lines=said, errors=errors)


def _load_jupyter_server_extension(app: ServerApp) -> None:
    app.web_app.settings["ntk_course"] = Path.cwd()
    path = url_path_join(app.web_app.settings["base_url"], "watch")
    app.web_app.add_handlers(".*$", [(path, WatchHandler)])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "ntk_watching"}]
