"""The cockpit: which partner has which keys, who still uses an old one, and what breaks when.

Everything follows from the catalogue, our own ring, and what was seen and fetched; nothing is kept for it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from toegang.catalogue.records import RecordKind
from toegang.errors import Malformed, Misconfigured
from toegang.keys.certificates import read_base64
from toegang.keys.ring import KeyRing, State
from toegang.saml.metadata.values import KeyUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toegang.catalogue.partners.store import SeenKey, SourceState
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Entity, EntityId, Organisation
    from toegang.keys.files import KeyDirectory
    from toegang.keys.ring import KeyRecord

SOON = timedelta(days=90)
STALE = timedelta(days=2)
"""After so long without a document that could be believed, a partner's new keys may be missed."""

MANDATES = "mandates"
"""What the keys of our register of mandates are for: they sign who acts for whom, and nothing else."""

METADATA = "metadata"
"""What a pinned certificate is for with which a partner signs its metadata."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What people want to know of a certificate."""

    fingerprint: str
    begins: datetime
    ends: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A certificate that stands in no catalogue and no ring, but in a folder of this hub.

    `owner` is `own` for one of ours, `believed` for an authority whose documents or cards are believed;
    `purpose` is what it is for.
    """

    owner: str
    purpose: str
    dates: Dates


@lru_cache(maxsize=65_536)
def dates_of(certificate: str) -> Dates | None:
    """Return the dates of a certificate (DER in base64); None when it cannot be read. Read once."""
    try:
        found = read_base64(certificate)
    except Malformed:
        return None
    return Dates(found.sha256, found.not_before, found.not_after, found.subject)


class Trouble(enum.StrEnum):
    """What goes wrong at some moment, if nobody does anything."""

    CERTIFICATE_ENDS = "certificate-ends"
    SIGNER_ENDS = "signer-ends"
    METADATA_ENDS = "metadata-ends"
    NOT_REFRESHED = "not-refreshed"
    OUR_KEY_ENDS = "our-key-ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """Something that goes wrong at `at`; `fingerprint` names the certificate, where there is one."""

    at: datetime
    what: Trouble
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersKey:
    """A key in a partner's metadata; `seen_at` is when its signatures were seen last, to a day."""

    use: str
    dates: Dates
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A key of ours in SAML; `state` as in the ring, `retires_at` when it goes out of use, if it does."""

    kid: str
    use: str
    state: State
    dates: Dates
    active_from: datetime
    retires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """One partner. `ours` are keys of ours that it was seen encrypting with, and when last."""

    entity_id: EntityId
    organisation: Organisation | None
    connections: tuple[str, ...]
    source: str
    fetched_at: datetime
    keys: tuple[PartnersKey, ...]
    ours: tuple[tuple[OwnKey, datetime], ...]
    state: SourceState | None
    breaks: tuple[Breaks, ...]

    @property
    def breaks_first(self) -> datetime | None:
        """When the first thing goes wrong, if any."""
        return self.breaks[0].at if self.breaks else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the cockpit looks at."""

    snapshot: Snapshot
    ring: KeyRing
    seen: Mapping[str, Sequence[SeenKey]]
    sources: Mapping[str, SourceState]
    now: datetime

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        ring: KeyRing,
        kept: tuple[Iterable[SeenKey], Iterable[SourceState]],
        now: datetime,
    ) -> Facts:
        """Put in order what the store keeps: keys seen, and how sources do."""
        seen: dict[str, list[SeenKey]] = {}
        for each in kept[0]:
            seen.setdefault(each.entity_id, []).append(each)
        sources = {state.source: state for state in kept[1]}
        return cls(snapshot=snapshot, ring=ring, seen=seen, sources=sources, now=now)


def own_keys(ring: KeyRing, now: datetime, use: str = "") -> tuple[OwnKey, ...]:
    """Return our keys that partners may know, the one in use first; `use` where all of them have one."""
    found = [_own(key, now, use) for key in ring.published(now)]
    order = {State.ACTIVE: 0, State.PUBLISHED: 1, State.RETIRED: 2}
    known = (key for key in found if key is not None)
    return tuple(sorted(known, key=lambda key: (key.use, order.get(key.state, 3), key.active_from)))


def own_keys_in(saml: KeyDirectory, mandates: KeyDirectory, now: datetime) -> tuple[OwnKey, ...]:
    """Return all keys of ours that partners may know: the hub's, and those of its register of mandates."""
    return (*own_keys(ring_in(saml), now), *own_keys(ring_in(mandates), now, MANDATES))


def ring_in(keys: KeyDirectory) -> KeyRing:
    """Return our keys; a hub that speaks no SAML has none, and its partners' count all the same."""
    try:
        return keys.ring()
    except Misconfigured:
        return KeyRing(keys=())


def partners(facts: Facts) -> tuple[PartnerView, ...]:
    """Return every partner, those with whom something breaks first at the front; seconds for thousands."""
    ours = _ours(facts)
    found = [_view(cast("Entity", each), facts, ours) for each in facts.snapshot.records(RecordKind.ENTITY)]
    return tuple(sorted(found, key=lambda view: (view.breaks_first is None, *_order(view))))


def partner(entity_id: str, facts: Facts) -> PartnerView | None:
    """Find one partner."""
    entity = facts.snapshot.entity(entity_id)
    return None if entity is None else view_of(entity, facts)


def view_of(entity: Entity, facts: Facts) -> PartnerView:
    """Return how a partner looks, or would look with this as its metadata."""
    return _view(entity, facts, _ours(facts))


def certificates_of(entity: Entity) -> Iterator[tuple[str, Dates]]:
    """Yield what each certificate of a partner is for, with its dates; those of pinned signers too."""
    about = entity.metadata
    for role in (about.service_provider, about.identity_provider):
        for key in role.keys if role else ():
            if (dates := dates_of(key.certificate)) is not None:
                yield key.use.value, dates
    for signer in entity.signers:
        if (dates := dates_of(signer)) is not None:
            yield METADATA, dates


def _ours(facts: Facts) -> dict[str, OwnKey]:
    return {key.dates.fingerprint: key for key in own_keys(facts.ring, facts.now)}


def _order(view: PartnerView) -> tuple[str, str]:
    return (view.breaks_first.isoformat() if view.breaks_first else "", view.entity_id)


def _own(key: KeyRecord, now: datetime, use: str = "") -> OwnKey | None:
    found = None if key.certificate is None else dates_of(key.certificate.base64)
    if found is None:
        return None
    return OwnKey(
        kid=key.kid,
        use=use or (KeyUse.SIGNING.value if key.use.value == "sig" else KeyUse.ENCRYPTION.value),
        state=key.state(now),
        dates=found,
        active_from=key.active_from,
        retires_at=key.retires_at,
    )


def _view(entity: Entity, facts: Facts, ours: Mapping[str, OwnKey]) -> PartnerView:
    seen = {each.fingerprint: each.last_at for each in facts.seen.get(entity.id, ())}
    keys = dict.fromkeys(each for each in certificates_of(entity) if each[0] != METADATA)
    state = facts.sources.get(entity.source)
    return PartnerView(
        entity_id=entity.id,
        organisation=facts.snapshot.organisation(entity.organisation),
        connections=_connections(entity.id, facts.snapshot),
        source=entity.source,
        fetched_at=entity.fetched_at,
        keys=tuple(
            PartnersKey(use=use, dates=dates, seen_at=seen.get(dates.fingerprint)) for use, dates in keys
        ),
        ours=tuple((ours[each], at) for each, at in seen.items() if each in ours),
        state=state,
        breaks=tuple(
            sorted(
                _breaks(entity, facts, ours, seen), key=lambda each: (each.at, each.what, each.fingerprint)
            )
        ),
    )


def _connections(entity_id: str, snapshot: Snapshot) -> tuple[str, ...]:
    connection = snapshot.connection_of(entity_id)
    return () if connection is None else (connection.id,)


def _breaks(
    entity: Entity, facts: Facts, ours: Mapping[str, OwnKey], seen: Mapping[str, datetime]
) -> Iterator[Breaks]:
    """Yield what goes wrong within ninety days, or already does."""
    horizon = facts.now + SOON
    until = entity.metadata.valid_until
    if until is not None and until <= horizon and not _renews(entity, facts):
        yield Breaks(at=until, what=Trouble.METADATA_ENDS)
    for use, dates in dict.fromkeys(certificates_of(entity)):
        if dates.ends <= horizon:
            what = Trouble.SIGNER_ENDS if use == METADATA else Trouble.CERTIFICATE_ENDS
            yield Breaks(at=dates.ends, what=what, fingerprint=dates.fingerprint)
    state = facts.sources.get(entity.source)
    if state is not None and state.failing_since is not None:
        yield Breaks(at=state.failing_since, what=Trouble.NOT_REFRESHED)
    for fingerprint, at in seen.items():
        own = ours.get(fingerprint)
        if own is not None and own.retires_at is not None and own.retires_at <= horizon and _still(at, own):
            yield Breaks(at=own.retires_at, what=Trouble.OUR_KEY_ENDS, fingerprint=fingerprint)


def _renews(entity: Entity, facts: Facts) -> bool:
    """Tell whether metadata that ends soon is fetched again in time, as short-lived metadata is."""
    state = facts.sources.get(entity.source)
    if state is None or state.failing_since is not None or state.checked_at is None:
        return False
    return facts.now - state.checked_at < STALE


def _still(seen_at: datetime, own: OwnKey) -> bool:
    """Tell whether a partner used a key of ours when its successor could be known already."""
    return own.retires_at is not None and seen_at > own.retires_at - timedelta(days=8)
