"""Our register of mandates as an entity of its own, which signs who acts for whom (STSAML-4.3).

A provider pins it apart from the hub: whoever gets hold of the key that signs logins cannot declare mandates.
Before it has a key in use, as at a hub from before this, the hub declares in its place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.errors import Misconfigured, RegisterWithoutKey
from toegang.keys.ring import OVERLAP, Use
from toegang.provider.saml.metadata import CACHE, VALID_FOR, OwnMetadata
from toegang.saml.metadata.values import DecisionPointMetadata, Endpoint
from toegang.saml.names import AUTHZEN

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from toegang.catalogue.partners.store import SeenKey
    from toegang.ids import Ids
    from toegang.keys.ring import KeyRing
    from toegang.saml.keys import SigningKey
    from toegang.saml.own import OwnKeys

DAY = timedelta(days=1)
MONTH = 30


def check_is_there(ring: KeyRing, known: Collection[SeenKey], now: datetime) -> None:
    """Refuse where a register that signed has no key of then: its folder is gone, and was not never made.

    `known` are the keys that it signed with. Else the hub would declare in its place, which nobody believes
    who pinned the register; also where there are newer keys, as long as none of them signs.

    Raises:
        Misconfigured: it is so.

    """
    if not known or ring.algorithms(Use.SIGNING, now):
        return
    first, last = min(each.first_at for each in known), max(each.last_at for each in known)
    if all(key.published_from > first for key in ring.keys):
        message = (
            f"the keys of the register of mandates are gone, which were there on {last:%Y-%m-%d}; put their"
            " folder back, or, if they are lost, make a new one with `toegang keys generate RS256 --ring"
            " mandates`, without --days, and have providers pin it (docs/operations/keys.md)"
        )
        raise Misconfigured(message)


def first_key(hub: KeyRing, now: datetime) -> str:
    """Return the command that makes a first key for the register of a hub that has these keys.

    Providers that pinned the hub get a month to take the register over. Where they take over a next key of
    the hub before a day, it is that day: once is enough. Where nobody could pin the hub yet, it is at once.
    """
    signs = hub.announced(Use.SIGNING, now)
    days = [math.ceil((key.active_from - now) / DAY) for key in signs if key.active_from > now]
    after = f" --days {max(*days, OVERLAP.days) if days else MONTH}" if signs else ""
    return f"toegang keys generate RS256 --ring mandates{after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TheRegister:
    """The register; `decisions` is where its decisions are asked, `hub` and `hub_keys` stand in for it."""

    entity_id: str
    keys: OwnKeys
    hub: str
    hub_keys: OwnKeys
    decisions: str

    def declares(self, now: datetime) -> tuple[str, SigningKey]:
        """Return in whose name and with which key declarations are signed now.

        Raises:
            Misconfigured: no key signs, or it has no certificate.

        """
        if self.keys.signs(now):
            return self.entity_id, self.keys.signing(now)
        return self.hub, self.hub_keys.signing(now)

    def metadata(self, ids: Ids) -> OwnMetadata:
        """Return its metadata, for providers to pin."""
        return OwnMetadata(keys=self.keys, signing=self._vouching, describe=self.described, ids=ids)

    def described(self, now: datetime) -> DecisionPointMetadata:
        """SAMLMeta-2.4.6: return what the document says.

        Raises:
            RegisterWithoutKey: it has no key of its own.

        """
        keys = self.keys.announced(now)
        if not keys:
            message = "the register of mandates has no key of its own"
            raise RegisterWithoutKey(message)
        return DecisionPointMetadata(
            entity_id=self.entity_id,
            valid_until=now + VALID_FOR,
            cache_seconds=int(CACHE.total_seconds()),
            keys=keys,
            decisions=(Endpoint(binding=AUTHZEN, location=self.decisions),),
        )

    def _vouching(self, now: datetime) -> SigningKey:
        """Its own key signs its metadata; the hub's does until that is in use."""
        return self.declares(now)[1]
