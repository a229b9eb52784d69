"""JupyterHub for one Linux machine: real system accounts, the course as a service, no
administrator's token.

Reads a JSON file of settings, named by NTK_HUB_SETTINGS (which `hub.demonstration` writes);
everything below it is the same for the demonstration and for a course. docs/hub.md says what to
replace for real use: the authenticator, TLS, the proxy.
"""

import json
import os
import sys
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (traitlets gives it on loading)

with open(os.environ["NTK_HUB_SETTINGS"]) as file:
    settings = json.load(file)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hub.passwords import PasswordAuthenticator  # noqa: E402
from hub.roles import environment, groups, prepare, roles  # noqa: E402

COURSE, GRADER = settings["course"], settings["grader"]
state = Path(settings["state"])

# Addresses: everything on loopback.
c.JupyterHub.bind_url = settings["address"]
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = settings["hub_port"]
c.JupyterHub.db_url = f"sqlite:///{state / 'hub' / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "hub" / "cookie-secret")
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxy_port']}"
c.ConfigurableHTTPProxy.pid_file = str(state / "hub" / "proxy.pid")
# The proxy's own patience is 20 s; Validate and Autograde answer when a whole notebook has run.
c.ConfigurableHTTPProxy.command = [
    f"{settings['student_environment']}/bin/python",
    "-P",
    str(Path(__file__).resolve().parent / "proxy.py"),
    "--proxy-timeout",
    "1800000",
]

# Accounts. Nobody is an administrator, and nobody but the owner may enter a server.
c.JupyterHub.authenticator_class = PasswordAuthenticator
c.PasswordAuthenticator.passwords = settings["passwords"]
c.Authenticator.allowed_users = set(settings["passwords"]) | {GRADER}
c.Authenticator.admin_users = set()
c.JupyterHub.load_groups = groups(settings)
c.JupyterHub.load_roles = roles(settings)

# Servers: each as its own system account, in its own home.
c.JupyterHub.spawner_class = "localprocess"
c.JupyterHub.cleanup_servers = True
c.Spawner.cmd = [f"{settings['student_environment']}/bin/jupyterhub-singleuser"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.pre_spawn_hook = prepare(settings)
c.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]

# The course: formgrader and grader, as the account that owns the course's files.
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": f"http://127.0.0.1:{settings['course_port']}",
        "command": [
            f"{settings['course_environment']}/bin/python",
            "-P",
            "-m",
            "jupyterhub.singleuser",
        ],
        "user": GRADER,
        "cwd": settings["course_folder"],
        "oauth_no_confirm": True,
        "environment": environment(settings, GRADER, "course") | {"JUPYTERHUB_DEFAULT_URL": "/lab"},
    }
]

# The labs as web pages, beside JupyterLab: static files, which anybody may read.
if pages := settings.get("pages"):
    c.JupyterHub.services.append(
        {
            "name": "pages",
            "url": f"http://127.0.0.1:{pages['port']}",
            "command": [
                f"{settings['student_environment']}/bin/python",
                "-P",
                "-m",
                "ntk_pages",
                pages["folder"],
            ],
            "user": "nobody",
            "cwd": pages["folder"],
            "display": False,
        }
    )
    c.JupyterHub.template_vars = {
        "announcement": '<a href="/services/pages/">The labs as web pages</a>'
    }

# Marks while they work: the same account watches the exchange, below everybody else in line for the
# processor. Its lines stand in the hub's own log; `<address>/services/<course>/watch` shows its
# state.
if watch := settings.get("watch"):
    c.JupyterHub.services.append(
        {
            "name": f"{COURSE}-watch",
            "command": [
                f"{settings['course_environment']}/bin/python",
                "-P",
                "-m",
                "autograder.cli",
                "watch",
                *watch.get("assignments", []),
                "--stay",
                "--course",
                settings["course_folder"],
                "--workers",
                str(watch["workers"]),
                "--nice",
                str(watch["nice"]),
            ],
            "user": GRADER,
            "cwd": settings["course_folder"],
            "environment": environment(settings, GRADER, "course"),
        }
    )
