"""A local cluster answers to its own process alone: Dask runs whatever it is sent, and on a hub
every account reaches loopback."""

from __future__ import annotations

import pytest
from distributed import Client, LocalCluster

from autograder.classroom.private import private


def test_strangers_are_refused():
    keys = private()
    assert keys is not None
    options = {"n_workers": 1, "processes": False, "dashboard_address": None}
    with LocalCluster(**options, protocol="tls://", security=keys) as cluster:
        with Client(cluster) as ours:
            assert ours.submit(sum, [1, 2]).result(timeout=30) == 3
        plain = cluster.scheduler_address.replace("tls://", "tcp://")
        with pytest.raises((OSError, TimeoutError)):
            Client(plain, timeout=3)
        with pytest.raises((OSError, TimeoutError)):  # keys, but not these
            Client(cluster.scheduler_address, security=private(), timeout=3)
