"""What came through the gate before: at no moment does it say anything else than looking anew would."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.catalogue import builders as b
from toegang.catalogue import gate, passed
from toegang.catalogue.records import Change
from toegang.catalogue.snapshot import Delta
from toegang.catalogue.values import Validity
from toegang.errors import PartyClosed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Record

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
WINDOW = Validity(from_=b.NOW - HOUR, until=b.NOW + HOUR)
LATER = Validity(from_=b.NOW, until=b.NOW + 2 * HOUR)
MOMENTS = [
    edge + step
    for edge in (b.NOW - HOUR, b.NOW, b.NOW + HOUR, b.NOW + 2 * HOUR)
    for step in (-TICK, HOUR * 0)
]
ENTRIES: dict[str, Callable[[Snapshot, datetime], object]] = {
    "organisation": lambda s, now: gate.open_organisation(s, b.TOWN, now),
    "client": lambda s, now: gate.open_client(s, b.PORTAL, now),
    "connection": lambda s, now: gate.open_connection(s, b.FORMS, now),
    "asker": lambda s, now: gate.open_asker(s, b.FORMS, now),
    "entity": lambda s, now: gate.open_entity(s, b.FORMS_ENTITY, now),
    "service": lambda s, now: gate.open_service(s, b.PERMIT, b.client(), now),
    "means": lambda s, now: gate.open_means(s, b.ACCOUNT, now),
}
CATALOGUES: dict[str, tuple[Record, ...]] = {
    "the party has dates": (
        b.client(validity=WINDOW),
        b.connection(validity=WINDOW),
        b.entity(validity=WINDOW),
        b.service(validity=WINDOW),
        b.means(validity=WINDOW),
    ),
    "its organisation has dates": (b.organisation(validity=WINDOW), b.hub(validity=WINDOW)),
    "both have, and they overlap": (
        b.organisation(validity=LATER),
        b.hub(validity=LATER),
        b.client(validity=WINDOW),
        b.connection(validity=WINDOW),
        b.entity(validity=WINDOW),
        b.service(validity=WINDOW),
        b.means(validity=WINDOW),
    ),
    "its metadata ends": (b.entity(metadata=b.metadata(valid_until=b.NOW)),),
}


def said(enter: Callable[[Snapshot, datetime], object], snapshot: Snapshot, now: datetime) -> object:
    """Return the record that the gate lets through, or why it does not."""
    try:
        return enter(snapshot, now)
    except PartyClosed as refusal:
        return refusal.detail


@pytest.mark.parametrize("catalogue", CATALOGUES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_asked_before_at_any_moment_the_gate_says_what_it_says_anew(entry: str, catalogue: str) -> None:
    records, enter = CATALOGUES[catalogue], ENTRIES[entry]
    anew = {now: said(enter, b.snapshot(*records), now) for now in MOMENTS}
    for before, now in product(MOMENTS, repeat=2):
        snapshot = b.snapshot(*records)
        said(enter, snapshot, before)
        assert said(enter, snapshot, now) == anew[now]


@pytest.mark.parametrize("entry", ENTRIES)
def test_who_came_through_is_closed_in_the_snapshot_that_closes_them(entry: str) -> None:
    before, enter = b.snapshot(), ENTRIES[entry]
    assert enter(before, b.NOW) is enter(before, b.NOW)
    closing = Delta(
        version=2, changes=tuple(map(Change.put, (b.organisation(enabled=False), b.hub(enabled=False))))
    )
    with pytest.raises(PartyClosed):
        enter(before.apply(closing), b.NOW)


def test_a_means_that_came_through_is_closed_once_it_is_blocked() -> None:
    before = b.snapshot()
    gate.open_means(before, b.ACCOUNT, b.NOW)
    blocking = Delta(version=2, changes=(Change.put(b.means(blocked=True)),))
    with pytest.raises(PartyClosed, match="blocked"):
        gate.open_means(before.apply(blocking), b.ACCOUNT, b.NOW)


def test_no_more_is_remembered_than_fits() -> None:
    known = passed.Passed()
    for number in range(passed.MOST + 1):
        known.keep(number, b.client(), Validity())
    assert known.find(type(b.client()), passed.MOST, b.NOW) is not None
    assert known.find(type(b.client()), 0, b.NOW) is None
