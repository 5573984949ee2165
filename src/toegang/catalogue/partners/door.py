"""The door of the cockpit: looked at in a thread, for there may be thousands of partners, and kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.catalogue.partners.cockpit import Facts, own_keys_in, partner, partners, ring_in
from toegang.catalogue.partners.warnings import reached
from toegang.errors import UnknownParty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toegang.catalogue.partners.cockpit import Further, OwnKey, PartnerView
    from toegang.catalogue.partners.store import PartnerStore
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.files import KeyDirectory

KEPT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A certificate in a folder, and how soon it ends: within so many days, 0 for over, None for later."""

    certificate: Further
    days: int | None


@dataclass(slots=True, kw_only=True)
class Cockpit:
    """Tells an operator about partners and their keys; `further` reads the certificates in folders.

    `declaring` are the keys of our register of mandates.
    """

    catalogue: Catalogue
    keys: KeyDirectory
    declaring: KeyDirectory
    store: PartnerStore
    further: Callable[[], Sequence[Further]] = tuple
    _views: tuple[PartnerView, ...] = field(default=(), repr=False)
    _of: tuple[int, datetime] | None = field(default=None, repr=False)

    def own_keys(self, now: datetime) -> tuple[OwnKey, ...]:
        """Return our keys that partners may know."""
        return own_keys_in(self.keys, self.declaring, now)

    async def certificates(self, now: datetime) -> tuple[Standing, ...]:
        """Return the certificates in folders, the first to end first; read in a thread."""
        found = await asyncio.to_thread(self.further)
        first = sorted(found, key=lambda each: (each.dates.ends, each.purpose))
        return tuple(Standing(certificate=each, days=reached(each.dates, now)) for each in first)

    async def partners(self, words: str, now: datetime) -> tuple[PartnerView, ...]:
        """Return the partners in whose names all of `words` stand, those with trouble first.

        What it says may be a minute old, but never of an older catalogue.
        """
        version = self.catalogue.current.version
        if self._of is None or self._of[0] != version or not self._of[1] <= now < self._of[1] + KEPT:
            self._views = await asyncio.to_thread(partners, await self.facts(now))
            self._of = version, now
        wanted = words.casefold().split()
        return tuple(each for each in self._views if all(word in _names(each) for word in wanted))

    async def partner(self, entity_id: str, now: datetime) -> PartnerView:
        """Return one partner.

        Raises:
            UnknownParty: nothing is pinned of it.

        """
        found = partner(entity_id, await self.facts(now))
        if found is None:
            message = "nothing is pinned of this entity"
            raise UnknownParty(message)
        return found

    async def facts(self, now: datetime) -> Facts:
        """Return what all of this is told from."""
        kept = await self.store.seen_keys(), await self.store.sources()
        return Facts.of(self.catalogue.current, ring_in(self.keys), kept, now)


def _names(view: PartnerView) -> str:
    owner = view.organisation
    names = (owner.names.nl, owner.names.en, owner.id) if owner else ()
    return " ".join((view.entity_id, *view.connections, *names)).casefold()
