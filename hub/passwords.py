"""Logging in to the demonstration: one password for each account. For real use: LTI, OAuth or
PAM."""

from __future__ import annotations

import hmac
from typing import Any

from jupyterhub.auth import Authenticator
from traitlets import Dict, Unicode


class PasswordAuthenticator(Authenticator):
    """One password for each account. (JupyterHub's shared password would let a student log in as
    any other.)"""

    passwords = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="{account: password}; an account without one cannot log in.",
    ).tag(config=True)

    async def authenticate(self, handler: Any, data: dict) -> str | None:
        known = self.passwords.get(data["username"], "")
        right = hmac.compare_digest(known.encode(), data["password"].encode())
        return data["username"] if known and right else None
