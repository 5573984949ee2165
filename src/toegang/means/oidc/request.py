"""The request: what the browser, or our own call before it, asks of a provider."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from toegang.jose.segments import encode
from toegang.means.external.levels import names_for
from toegang.means.oidc.provider import LevelBy
from toegang.oidc.pkce import METHOD

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.base import Ask
    from toegang.means.oidc.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is made for one request, and seen again in its answer."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """RFC7636-4.2: the hash of the verifier."""
        return encode(hashlib.sha256(self.verifier.encode()).digest())


def parameters(
    provider: Provider, ask: Ask, secrets: Secrets, return_to: str, now: datetime
) -> dict[str, str]:
    """OIDCC-3.1.2.1: ask a login at the level of `ask`, bound to this browser and this provider.

    The level is asked by `acr_values` and as an essential claim, for a provider that heeds the one and not
    the other; it MUST be answered all the same, and is looked at in the answer.
    """
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": " ".join(provider.scopes),
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": secrets.challenge,
        "code_challenge_method": METHOD,
        "ui_locales": ask.language,
    }
    if ask.fresh:
        asked |= {"max_age": "0", "prompt": "login"}
    return asked | _level(provider, names_for(ask.admission, ask.required, now))


def _level(provider: Provider, names: tuple[str, ...]) -> dict[str, str]:
    asked: dict[str, str] = {}
    if names and provider.level_by in {LevelBy.ACR_VALUES, LevelBy.BOTH}:
        asked["acr_values"] = " ".join(names)
    if provider.level_by in {LevelBy.CLAIMS, LevelBy.BOTH}:
        wanted: dict[str, object] = {"auth_time": {"essential": True}}
        if names:
            wanted["acr"] = {"essential": True, "values": list(names)}
        asked["claims"] = json.dumps({"id_token": wanted}, separators=(",", ":"))
    return asked


def address(endpoint: str, asked: dict[str, str]) -> str:
    """RFC6749-3.1: the address of the request; a query that the endpoint has is kept."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
