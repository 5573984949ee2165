"""What taking a document over would change, entity by entity: keys, addresses, and what goes wrong then."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from toegang.catalogue.partners.cockpit import METADATA, certificates_of, view_of
from toegang.catalogue.partners.sources import is_fetched
from toegang.catalogue.partners.takeover import Taken
from toegang.catalogue.records import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from toegang.catalogue.partners.bringing import Judged
    from toegang.catalogue.partners.cockpit import Breaks, Dates, Facts
    from toegang.catalogue.values import Entity, Organisation

T = TypeVar("T")
ORDER = (Taken.CHANGED, Taken.NEW, Taken.FOREIGN, Taken.UNNAMED, Taken.SAME)
"""What a person looks at first."""


class Fate(enum.StrEnum):
    """What becomes of a key or an address."""

    NEW = "new"
    STAYS = "stays"
    GOES = "goes"


class Door(enum.StrEnum):
    """What an address of a partner is for."""

    CONSUMER = "consumer"
    SIGN_ON = "sign-on"
    LOGOUT = "logout"
    ARTIFACT = "artifact"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key, and when it was last seen in use, to a day."""

    use: str
    dates: Dates
    fate: Fate
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """An address."""

    door: Door
    location: str
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPreview:
    """One entity. `came_from` is where what is known came from.

    `repinned` when other pins will count, `stops_renewing` when it will no longer be fetched by itself.
    """

    entity_id: str
    taken: Taken
    organisation: Organisation | None
    came_from: str = ""
    repinned: bool = False
    stops_renewing: bool = False
    keys: tuple[KeyLine, ...] = ()
    addresses: tuple[AddressLine, ...] = ()
    breaks: tuple[Breaks, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All of a document. `mark` is other when anything of it would be: it travels in the form.

    `signers` are the certificates by whose word it is believed; without them it is believed by its hash.
    """

    source: str
    sha256: str
    signers: tuple[Dates, ...]
    entities: tuple[EntityPreview, ...]
    mark: str

    @property
    def counts(self) -> tuple[tuple[Taken, int], ...]:
        """How many entities each thing becomes of, where it becomes of any."""
        counted = Counter(each.taken for each in self.entities)
        return tuple((taken, counted[taken]) for taken in ORDER if counted[taken])

    @property
    def changes(self) -> bool:
        """Whether there is anything to take over."""
        return any(each.taken in {Taken.NEW, Taken.CHANGED} for each in self.entities)


def entities_of(judged: Sequence[Judged], facts: Facts) -> tuple[EntityPreview, ...]:
    """Return what becomes of each, those that change first."""
    found = (_entity(each, facts) for each in judged)
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.taken), each.entity_id)))


def mark_of(judged: Sequence[Judged]) -> str:
    """Return the hash of what was known, and of what becomes of it; when that is read does not count."""
    told = hashlib.sha256()
    for each in judged:
        owner = each.after.organisation if each.after else ""
        before = encode(each.before) if each.before else b""
        told.update(hashlib.sha256(f"{each.found.entity_id}\0{each.taken}\0{owner}".encode()).digest())
        told.update(hashlib.sha256(before).digest())
    return told.hexdigest()


def _entity(judged: Judged, facts: Facts) -> EntityPreview:
    before, after = judged.before, judged.after
    if after is None:
        known = None if before is None else facts.snapshot.organisation(before.organisation)
        return EntityPreview(
            entity_id=judged.found.entity_id,
            taken=judged.taken,
            organisation=known,
            came_from=before.source if before else "",
        )
    view = view_of(after, facts)
    seen = {each.fingerprint: each.last_at for each in facts.seen.get(after.id, ())}
    return EntityPreview(
        entity_id=after.id,
        taken=judged.taken,
        organisation=view.organisation,
        came_from=before.source if before else "",
        stops_renewing=is_fetched(before) and not is_fetched(after),
        repinned=before is not None and (before.signers, before.sha256) != (after.signers, after.sha256),
        keys=tuple(
            KeyLine(use=use, dates=dates, fate=fate, seen_at=seen.get(dates.fingerprint))
            for (use, dates), fate in _fates(_keys(before), _keys(after))
        ),
        addresses=tuple(
            AddressLine(door=door, location=location, fate=fate)
            for (door, location), fate in _fates(_addresses(before), _addresses(after))
        ),
        breaks=view.breaks,
    )


def _fates(before: Iterable[T], after: Iterable[T]) -> Iterator[tuple[T, Fate]]:
    """Yield what there was or will be, once each: what is new first, then what goes, then what stays."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    yield from ((each, Fate.NEW) for each in new if each not in old)
    yield from ((each, Fate.GOES) for each in old if each not in new)
    yield from ((each, Fate.STAYS) for each in new if each in old)


def _keys(entity: Entity | None) -> Iterator[tuple[str, Dates]]:
    if entity is not None:
        yield from (each for each in certificates_of(entity) if each[0] != METADATA)


def _addresses(entity: Entity | None) -> Iterator[tuple[Door, str]]:
    if entity is None:
        return
    asks, gives = entity.metadata.service_provider, entity.metadata.identity_provider
    found = [(Door.CONSUMER, each) for each in (asks.consumers if asks else ())]
    found += [(Door.SIGN_ON, each) for each in (gives.sign_on if gives else ())]
    for role in (asks, gives):
        found += [(Door.LOGOUT, each) for each in (role.logout if role else ())]
        found += [(Door.ARTIFACT, each) for each in (role.artifact if role else ())]
    for door, each in found:
        yield door, each.location
        if each.response_location:
            yield door, each.response_location
