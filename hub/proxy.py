"""The proxy in Python, with room for a class: run by JupyterHub as a program of its own.

Tornado's client holds ten requests at a time, for everybody, and lets others wait for 20 s.
Validate blocks a student's server for as long as the notebook runs, and ten of its requests with
it: whoever comes then is told that their server is gone.
"""

import sys

from configurable_http_proxy.cli import main
from tornado.httpclient import AsyncHTTPClient

AT_ONCE = 10_000  # requests on their way; each is a socket, which the system limits anyway

if __name__ == "__main__":
    AsyncHTTPClient.configure(
        "tornado.simple_httpclient.SimpleAsyncHTTPClient", max_clients=AT_ONCE
    )
    sys.exit(main())
