"""Warning of certificates that end: 90, 30 and 7 days ahead, and when one has; each once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from toegang import log
from toegang.audit.events import CertificateExpiring
from toegang.catalogue.partners.cockpit import certificates_of, dates_of, own_keys_in
from toegang.catalogue.records import RecordKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.cockpit import Dates, Further, OwnKey
    from toegang.catalogue.partners.store import PartnerStore
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Entity
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.certificates import Certificate
    from toegang.keys.files import KeyDirectory
    from toegang.units import Unit, Units

THRESHOLDS = (0, 7, 30, 90)
"""Days ahead."""

BATCH = 20
"""Warnings given in one unit: after a first import thousands may be due, and each unit waits for the disk."""

OWN = "own"
"""The owner of our own certificates."""

BELIEVED = "believed"
"""The owner of certificates of authorities whose documents or cards are believed."""

TLS = "tls"
"""What the certificate is for that we show to partners who ask for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A certificate that ends within one of the thresholds: the smallest that it has reached."""

    owner: str
    purpose: str
    dates: Dates
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWarnings:
    """The door of the loop; `tell` shows how many certificates end within each number of days.

    `declaring` are the keys of our register of mandates.
    `shown` is the certificate that partners get of us where they ask for one (mutual TLS), if there is one.
    `further` returns those in folders: by which cards know us, and of whom we believe documents and cards.
    """

    catalogue: Catalogue
    keys: KeyDirectory
    declaring: KeyDirectory
    shown: Certificate | None
    store: PartnerStore
    units: Units
    trail: Trail
    tell: Callable[[int, int], None]
    further: Callable[[], Sequence[Further]] = tuple

    async def warn(self, now: datetime) -> int:
        """Give the warnings that are due and were not given; return how many. Looked for in a thread.

        Raises:
            Unavailable: the store does not answer.

        """
        found = await asyncio.to_thread(self._endings, now)
        counts = Counter(each.days for each in found)
        for days in THRESHOLDS:
            self.tell(days, counts[days])
        given = 0
        for at in range(0, len(found), BATCH):
            given += await self._give(found[at : at + BATCH], now)
            # SQLite answers at once: without this, requests would wait until the last warning is given.
            await asyncio.sleep(0)
        return given

    def _endings(self, now: datetime) -> tuple[Ending, ...]:
        """Return every certificate that ends soon, or has ended, with whom it is of."""
        ours = own_keys_in(self.keys, self.declaring, now)
        known = _certificates(self.catalogue.current, ours, self.shown)
        further = ((each.owner, each.purpose, each.dates) for each in self.further())
        return tuple(
            Ending(owner=owner, purpose=purpose, dates=dates, days=days)
            for owner, purpose, dates in (*known, *further)
            if (days := reached(dates, now)) is not None
        )

    async def _give(self, endings: Sequence[Ending], now: datetime) -> int:
        async with self.units.begin() as unit:
            events = [_event(each, now) for each in endings if await self._claimed(unit, each, now)]
            for event in events:
                await self.trail.record(unit, event)
        for event in events:
            log.warning(event.name, owner=event.owner, purpose=event.purpose, days=event.days)
        return len(events)

    async def _claimed(self, unit: Unit, ending: Ending, now: datetime) -> bool:
        """Claim this threshold and all before it: who hears of a certificate late hears once."""
        first = False
        for days in THRESHOLDS:
            if days >= ending.days:
                claimed = await self.store.warn_once(unit, ending.owner, ending.dates.fingerprint, days, now)
                first = first or (claimed and days == ending.days)
        return first


def _event(ending: Ending, now: datetime) -> CertificateExpiring:
    return CertificateExpiring(
        at=now,
        owner=ending.owner,
        purpose=ending.purpose,
        fingerprint=ending.dates.fingerprint,
        ends_at=ending.dates.ends,
        days=ending.days,
    )


def _certificates(
    snapshot: Snapshot, ours: Iterable[OwnKey], shown: Certificate | None
) -> Iterator[tuple[str, str, Dates]]:
    for key in ours:
        yield OWN, key.use, key.dates
    if shown is not None and (dates := dates_of(shown.base64)) is not None:
        yield OWN, TLS, dates
    for record in snapshot.records(RecordKind.ENTITY):
        entity = cast("Entity", record)
        if entity.enabled:
            for purpose, dates in dict.fromkeys(certificates_of(entity)):
                yield entity.id, purpose, dates


def reached(dates: Dates, now: datetime) -> int | None:
    """Return the smallest threshold that a certificate has reached, in days before its end; None for none."""
    left = (dates.ends - now).total_seconds() / 86_400
    return next((days for days in THRESHOLDS if left <= days), None)
