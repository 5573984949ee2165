"""Sessions at other parties: what is needed to end one there, and to know ours when it was ended there.

Kept only where the admission says `logout: yes`. What the party knows the person by is sealed, and found
by keyed hashes; a login carries nothing but a random name for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from toegang.catalogue.values import AdmittedMeans, MeansId
from toegang.errors import OneTimeGone, ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey, SealingKey
    from toegang.units import Expiring, Units

KEPT_FOR = timedelta(hours=12)
MOST = 32
"""Sessions that are remembered under one name of a person; of more the oldest are forgotten."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a party knows a session by. `hint` is its ID token; `name_*` are the parts of a SAML NameID."""

    name: str
    index: str = ""
    hint: str = ""
    name_format: str = ""
    name_qualifier: str = ""
    sp_name_qualifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSession:
    """A session elsewhere as it is kept."""

    means: MeansId
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The sessions that a party knows by one name."""

    tokens: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """A request to log out that a browser carries to a party, in a form; `request` names it in the answer."""

    request: str
    location: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSessions:
    """Keeps them."""

    units: Units
    kept: Expiring[SealedSession]
    named: Expiring[Named]
    sealing: SealingKey
    finding: FindingKey
    ids: Ids

    async def keep(self, admission: AdmittedMeans, party: str, known: Known, now: datetime) -> str:
        """Remember a session at `party`; return our name for it, empty where nothing is to be kept."""
        if not is_told(admission):
            return ""
        token = self.ids.token()
        sealed = self.sealing.seal(msgspec.json.encode(known), token.encode())
        names = [self._key(party, "name", known.name)]
        names += [self._key(party, "index", known.index)] if known.index else []
        async with self.units.begin() as unit:
            row = SealedSession(means=admission.id, sealed=sealed)
            await self.kept.add(unit, token, row, now + KEPT_FOR, now)
            for name in names:
                if await self.named.add(unit, name, Named(tokens=(token,)), now + KEPT_FOR, now):
                    continue
                before = await self.named.hold(unit, name, now) or Named(tokens=())
                tokens = (*before.tokens, token)[-MOST:]
                await self.named.keep(unit, name, replace(before, tokens=tokens), now + KEPT_FOR)
        return token

    async def open(self, token: str, now: datetime) -> tuple[MeansId, Known]:
        """Return what is known of a session.

        Raises:
            OneTimeGone: nothing, or not any more.

        """
        row = await self.kept.find(token, now)
        if row is None:
            raise OneTimeGone
        known = self._known(row, token)
        if known is None:
            raise OneTimeGone
        return row.means, known

    async def find(self, party: str, name: str, indexes: Iterable[str], now: datetime) -> tuple[str, ...]:
        """Return our names for the sessions that a party ended, by index, by name, or by both agreeing.

        The index is the party's own word for a session. Where the name that we kept beside it cannot be read,
        as under an earlier key, it is believed: whose session ended is never told that nothing rested on it.
        """
        wanted = tuple(indexes)
        keys = [self._key(party, "index", each) for each in wanted]
        found: list[str] = []
        for key in keys or [self._key(party, "name", name)]:
            row = await self.named.find(key, now)
            found += row.tokens if row else ()
        mine = []
        for token in dict.fromkeys(found):
            row_kept = await self.kept.find(token, now)
            known = self._known(row_kept, token) if row_kept else None
            if row_kept is not None and (known is None or name in {"", known.name}):
                mine.append(token)
        return tuple(mine)

    def _known(self, row: SealedSession, token: str) -> Known | None:
        try:
            return msgspec.json.decode(self.sealing.open(row.sealed, token.encode()), type=Known)
        except (ProofInvalid, msgspec.DecodeError):
            # Sealed by another key or written by another version: nobody can be told of it by its name.
            return None

    def _key(self, party: str, kind: str, text: str) -> str:
        return self.finding.find(f"{party}\0{kind}\0{text}".encode()).hex()


def is_told(admission: AdmittedMeans) -> bool:
    """Tell whether a means is told of logouts, and tells of its own."""
    return admission.setting("logout") == "yes"
