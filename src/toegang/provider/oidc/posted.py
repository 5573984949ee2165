"""Requests that came by POST from another site, kept here for the GET that follows.

A browser keeps our cookies back from another site's POST, not from the GET after it. The request does
not travel in that GET's address: an ID token, sent as a hint, would stay in histories and logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from toegang.errors import OneTimeGone
from toegang.oidc.parameters import parse_parameters

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.units import Expiring, Units

NOT_KEPT = frozenset({"login_hint"})  # read by nobody, and it could name a person
LIFETIME = timedelta(seconds=90)  # the browser follows at once; a reload still finds it


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedRequests:
    """Keeps posted authorization requests for a moment; `kept` holds them as a query."""

    units: Units
    kept: Expiring[str]
    ids: Ids

    def check(self, octets: bytes) -> None:
        """OIDCC-3.1.2.1: refuse what cannot be read.

        Raises:
            Malformed, TooLarge, ProtocolRefusal: it cannot be.

        """
        parse_parameters(octets)

    async def keep(self, octets: bytes, now: datetime) -> str:
        """OIDCC-3.1.2.1: keep a request that was checked; return the name to ask it back by."""
        asked = {name: value for name, value in parse_parameters(octets).items() if name not in NOT_KEPT}
        name = self.ids.token()
        async with self.units.begin() as unit:
            await self.kept.keep(unit, name, urlencode(asked), now + LIFETIME)
        return name

    async def get(self, name: str, now: datetime) -> bytes:
        """Return a kept request; it stays for a reload.

        Raises:
            OneTimeGone: unknown, or too long ago.

        """
        asked = await self.kept.find(name, now)
        if asked is None:
            message = "no posted request of this name"
            raise OneTimeGone(message)
        return asked.encode()
