"""Keys for a local cluster, so that nobody else on the machine can talk to it.

Dask's scheduler and workers listen on loopback and run whatever they are sent; on a hub every
student can reach loopback. With these keys, made anew for each cluster and kept in memory, they
answer to their own process alone.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Security

# one pair of key and certificate serves all of the cluster: who has it is one of it
OPENSSL = (
    "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 "
    "-subj /CN=ntk -keyout /dev/stdout"
).split()
BEGIN = "-----BEGIN CERTIFICATE-----"


def private() -> Security | None:
    """TLS in both directions with fresh keys; None where nothing can make them (then Dask's own
    default is in force)."""
    from distributed import Security

    try:
        made = subprocess.run(OPENSSL, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        try:
            return Security.temporary()  # needs the package cryptography
        except ImportError:
            return None
    key, begin, certificate = made.stdout.partition(BEGIN)
    pair: dict[str, str] = {}
    for role in ("client", "scheduler", "worker"):
        pair |= {f"tls_{role}_key": key, f"tls_{role}_cert": begin + certificate}
    return Security(tls_ca_file=begin + certificate, require_encryption=True, **pair)
