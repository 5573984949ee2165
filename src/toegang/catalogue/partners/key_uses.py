"""Which key a partner uses, remembered at most once a day: for people who replace keys, not for logins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.catalogue.partners.store import PartnerStore
    from toegang.units import Unit, Units

REMEMBERED = 50_000
"""Keys of partners that one node remembers of this day: a few megabytes."""


@dataclass(slots=True, kw_only=True)
class KeyUses:
    """The door for who verifies signatures and decrypts names.

    A key of ours is used by a partner too: by encrypting for it.
    """

    store: PartnerStore
    units: Units
    _day: date = field(default=date.min, repr=False)
    _seen: set[tuple[str, str]] = field(default_factory=set, repr=False)

    async def seen_key(self, unit: Unit, entity_id: str, fingerprint: str, at: datetime) -> None:
        """Remember in `unit` that this partner used this key (SHA-256 of its certificate, hexadecimal).

        Writes once a day for each partner, key and node; every other call costs less than a microsecond.
        """
        if self._knows(entity_id, fingerprint, at):
            return
        await self.store.seen_key(unit, entity_id, fingerprint, at)
        # A unit that is run again has written nothing yet.
        unit.after_commit(partial(self._seen.add, (entity_id, fingerprint)))

    async def note(self, entity_id: str, fingerprints: Iterable[str], at: datetime) -> None:
        """Remember keys that this partner used, in a unit of their own, when any is new today.

        Empty fingerprints are passed over: so a caller need not ask whether something was encrypted.
        """
        fresh = {each for each in fingerprints if each and not self._knows(entity_id, each, at)}
        if fresh:
            async with self.units.begin() as unit:
                for each in sorted(fresh):
                    await self.seen_key(unit, entity_id, each, at)

    def _knows(self, entity_id: str, fingerprint: str, at: datetime) -> bool:
        if at.date() != self._day or len(self._seen) >= REMEMBERED:
            self._day = at.date()
            self._seen.clear()
        return (entity_id, fingerprint) in self._seen
