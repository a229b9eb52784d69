"""The hub's proxy, alone: a server that is busy must not take the others' turn."""

from __future__ import annotations

import asyncio
import os
import subprocess
from contextlib import closing, suppress

from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from tests.conftest import ROOT

BUSY = 40  # requests that wait for one server, as while Validate runs
PATIENCE = 60


async def asked(proxy: int) -> str:
    """What a quick request says while the others are held."""
    release = asyncio.Event()
    held = asyncio.Semaphore(0)

    class Held(RequestHandler):
        async def get(self):
            held.release()
            await release.wait()

    class Quick(RequestHandler):
        def get(self):
            self.write("here I am")

    socket, port = bind_unused_port()
    server = HTTPServer(Application([("/held", Held), ("/quick", Quick)]))
    server.add_sockets([socket])
    api, address = bind_unused_port()
    api.close()
    command = [str(proxy), "-P", str(ROOT / "hub" / "proxy.py"), "--ip", "127.0.0.1"]
    front, outside = bind_unused_port()
    front.close()
    command += ["--port", str(outside), "--api-ip", "127.0.0.1", "--api-port", str(address)]
    command += ["--default-target", f"http://127.0.0.1:{port}", "--proxy-timeout", "1800000"]
    environment = os.environ | {"CONFIGPROXY_AUTH_TOKEN": "of-this-test"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    client = AsyncHTTPClient(force_instance=True, max_clients=2 * BUSY)
    url = f"http://127.0.0.1:{outside}"
    try:
        with closing(client):
            async with asyncio.timeout(PATIENCE):
                while True:  # until the proxy listens
                    with suppress(OSError):
                        await client.fetch(f"{url}/quick")
                        break
                    await asyncio.sleep(0.1)
            busy = [client.fetch(f"{url}/held", request_timeout=600) for _ in range(BUSY)]
            async with asyncio.timeout(PATIENCE):  # all have arrived: none waits for its turn
                for _ in busy:
                    await held.acquire()
                answer = await client.fetch(f"{url}/quick")
            release.set()
            await asyncio.gather(*busy)
            return answer.body.decode()
    finally:
        process.terminate()
        process.wait()
        server.stop()


def test_a_busy_server_takes_nobodys_turn(places):
    assert asyncio.run(asked(places.student / "bin" / "python")) == "here I am"


def test_the_hubs_ports_are_none_that_a_connection_is_given():
    """Such a one could be taken by anybody's browser before the hub listens there."""
    from hub.demonstration import free_ports

    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        lowest = int(file.read().split()[0])
    ports = [port for _ in range(20) for port in free_ports(4)]
    assert all(1024 <= port < lowest for port in ports)
    assert all(len(set(ports[i : i + 4])) == 4 for i in range(0, len(ports), 4))
