"""The course's pages on the hub: `python -m ntk_pages FOLDER`, a service that serves a folder of
files.

JupyterHub gives the address and the path through the environment. Whoever reaches the hub may read
the pages: they are made to be public. Nothing else is needed, so the service runs as `nobody`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from urllib.parse import urlsplit

from tornado.web import Application, RedirectHandler, StaticFileHandler


def application(prefix: str, folder: str) -> Application:
    """prefix: the path on the hub, `/services/pages/`."""
    files = {"path": folder, "default_filename": "index.html"}
    return Application(
        [
            (prefix.rstrip("/"), RedirectHandler, {"url": prefix}),
            (f"{prefix}(.*)", StaticFileHandler, files),
        ]
    )


async def main() -> None:
    where = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    pages = application(os.environ["JUPYTERHUB_SERVICE_PREFIX"], sys.argv[1])
    assert where.port is not None, "the hub's settings name a port"
    pages.listen(where.port, address=where.hostname)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
