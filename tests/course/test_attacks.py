"""Attacks on the machinery between a submission and its mark: messages, time, memory, text that others read."""

from __future__ import annotations

import json
import re
import threading
from time import monotonic

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.limits import Limits
from tests.course.test_accidents import FULL, without

SHORT = Limits(cell_seconds=5, probe_seconds=5)
FLOOD = """
import threading, time
kernel = get_ipython().kernel
IDENTS = kernel.get_parent('shell').get('header', {}).get('session', '').encode()
def frames(session, kind, parent, idents=()):
    message = session.msg(kind, content={'status': 'ok', 'execution_state': 'busy'}, parent=parent)
    return list(idents) + session.serialize(message)
"""
# Replies to nobody's question on the shell channel, faster than anybody reads them, or one now and then.
SHELL = (
    FLOOD
    + """
ready = frames(kernel.session, 'execute_reply', {'msg_id': 'nobody'}, [kernel._parent_ident['shell'][0]])
def flood():
    socket = kernel.shell_stream.socket if kernel.shell_stream else kernel.shell_socket
    import zmq
    while True:
        zmq.Socket.send_multipart(zmq.Socket(shadow=socket.underlying), ready)
        time.sleep(PAUSE)
"""
)
IOPUB = (
    FLOOD
    + """
ready = frames(kernel.session, 'status', {'msg_id': 'nobody'}, [b'status'])
def flood():
    import zmq
    socket = kernel.iopub_thread.socket
    while True:
        zmq.Socket.send_multipart(zmq.Socket(shadow=socket.underlying), ready)
        time.sleep(PAUSE) if PAUSE else None
"""
)


def flooding(kind: str, pause: str) -> str:
    text = kind.replace("PAUSE", pause)
    return f"{text}\ndef lazy_directions(X, ws):\n    flood()\n"


@pytest.mark.parametrize("pause", ["0.3", "0"])
@pytest.mark.parametrize("channel", ["shell", "iopub"])
@pytest.mark.parametrize("place", ["probe", "cell"])
def test_messages_to_nobody_do_not_stop_the_clock(mark_second, channel, pause, place):
    text = flooding({"shell": SHELL, "iopub": IOPUB}[channel], pause)
    if place == "cell":
        text += "\nflood()"
    box = {}
    thread = threading.Thread(
        target=lambda: box.update(found=mark_second({"lazy_directions": text}, limits=SHORT)), daemon=True
    )
    began = monotonic()
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "marking never ended"
    points, result = box["found"]
    assert points == without("lazy_directions"), result.incidents
    assert monotonic() - began < 45
