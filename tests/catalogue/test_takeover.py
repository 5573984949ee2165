"""What of a document may take the place of what is known, and when it is fetched again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.catalogue import builders as b
from toegang.catalogue.partners.sources import SOONEST, due, sources_of
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.partners.takeover import Origin, Pins, Taken, imported, refreshed, replaced
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import ClientId, Entity, EntityId, Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = "https://forms.duinrand.example/saml/metadata"
PINS = Pins(signers=(b.CERTIFICATE,))
LATER = b.NOW + DAY
ORIGIN = Origin(source=SOURCE, pins=PINS, fetched_at=LATER)
NEXT = b.metadata(cache_seconds=3600)
SUPPLIER, MEMBER = EntityId("https://supplier.example"), EntityId("https://member.example")
CLUSTER = b.connection(
    id=ClientId("cluster"), entity_id=SUPPLIER, members=(Member(organisation=b.HUB, entity_id=MEMBER),)
)
OF_SUPPLIER = b.entity(id=SUPPLIER, metadata=b.metadata(entity_id=SUPPLIER))


@pytest.mark.requires("SAML-MetaIOP-2.6.1")
def test_what_came_from_the_same_place_by_the_same_pins_takes_over_whole() -> None:
    taken, entity = refreshed(b.snapshot(), ORIGIN, NEXT)
    assert (taken, entity) == (Taken.CHANGED, b.entity(metadata=NEXT, fetched_at=LATER))


def test_what_says_the_same_changes_nothing() -> None:
    assert refreshed(b.snapshot(), ORIGIN, b.metadata()) == (Taken.SAME, None)


@pytest.mark.parametrize(
    "origin",
    [
        replace(ORIGIN, source="https://supplier.example/all"),
        replace(ORIGIN, pins=Pins(signers=("another",))),
        replace(ORIGIN, pins=Pins(sha256="0" * 64)),
    ],
)
def test_an_entity_that_was_pinned_elsewhere_is_not_taken_from_here(origin: Origin) -> None:
    assert refreshed(b.snapshot(), origin, NEXT) == (Taken.FOREIGN, None)
    assert imported(b.snapshot(), origin, NEXT, b.TOWN) == (Taken.FOREIGN, None)


def test_an_operator_may_pin_an_entity_anew() -> None:
    origin = replace(ORIGIN, pins=Pins(signers=("another",)))
    taken, entity = replaced(b.snapshot(b.entity(enabled=False)), origin, NEXT)
    assert (taken, entity and entity.signers) == (Taken.CHANGED, ("another",))
    assert entity is not None
    assert not entity.enabled


def test_a_stranger_in_a_document_is_not_taken_over_by_itself() -> None:
    stranger = b.metadata(entity_id="https://stranger.example")
    assert refreshed(b.snapshot(), ORIGIN, stranger) == (Taken.UNNAMED, None)
    assert imported(b.snapshot(), ORIGIN, stranger, None) == (Taken.UNNAMED, None)
    taken, entity = imported(b.snapshot(), ORIGIN, stranger, b.TOWN)
    assert (taken, entity and entity.organisation) == (Taken.NEW, b.TOWN)


def test_an_entity_that_a_connection_names_belongs_to_its_organisation() -> None:
    snapshot = Snapshot.of([b.organisation(), b.service(), b.connection(organisation=b.HUB)])
    taken, entity = imported(snapshot, ORIGIN, NEXT, b.TOWN)
    assert (taken, entity and entity.organisation) == (Taken.NEW, b.HUB)


@pytest.mark.requires("STSAML-LC")
def test_a_new_member_of_a_cluster_comes_with_its_suppliers_document_and_with_no_other() -> None:
    found = b.metadata(entity_id=MEMBER)
    snapshot = b.snapshot(CLUSTER, OF_SUPPLIER)
    taken, entity = refreshed(snapshot, ORIGIN, found)
    assert (taken, entity and entity.organisation) == (Taken.NEW, b.HUB)
    elsewhere = replace(ORIGIN, source="https://other.example")
    assert refreshed(snapshot, elsewhere, found) == (Taken.UNNAMED, None)
    without = Snapshot.of(each for each in snapshot.records() if each.id != SUPPLIER)
    assert refreshed(without, ORIGIN, found) == (Taken.UNNAMED, None)


def entity(**changes: object) -> Entity:
    return b.entity(metadata=b.metadata(**changes))


def test_metadata_is_fetched_every_night_at_a_moment_of_its_own() -> None:
    sources = [
        sources_of(b.snapshot(b.entity(source=f"https://sp{number}.example")))[0] for number in range(50)
    ]
    moments = [source.due_at(None) for source in sources]
    assert all(at.hour < 4 and b.NOW < at <= b.NOW + DAY for at in moments)
    assert len(set(moments)) > 40


@pytest.mark.requires("SAMLMeta-2.3.2")
@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ({"cache_seconds": 7200}, 2 * HOUR),
        ({"cache_seconds": 1}, SOONEST),
        ({"valid_until": b.NOW + 6 * HOUR}, 3 * HOUR),
    ],
)
def test_metadata_is_fetched_sooner_when_it_says_so(changes: dict[str, object], after: timedelta) -> None:
    (source,) = sources_of(b.snapshot(entity(**changes)))
    assert source.due_at(None) == b.NOW + after
    state = SourceState(source=SOURCE, tried_at=b.NOW + HOUR, checked_at=b.NOW + HOUR)
    if "cache_seconds" in changes:
        assert source.due_at(state) == b.NOW + HOUR + after


def test_what_failed_is_tried_again_in_an_hour_or_sooner_when_it_ends_today() -> None:
    state = SourceState(source=SOURCE, tried_at=LATER, checked_at=b.NOW, failing_since=LATER, failure="x")
    (source,) = sources_of(b.snapshot())
    assert source.due_at(state) == LATER + HOUR
    (ending,) = sources_of(b.snapshot(entity(valid_until=LATER + HOUR)))
    assert ending.due_at(state) == LATER + SOONEST


def test_only_what_has_an_address_and_a_signer_and_is_enabled_is_fetched() -> None:
    for changed in (
        b.entity(source="file.xml"),
        b.entity(signers=(), sha256="0" * 64),
        b.entity(enabled=False),
    ):
        assert sources_of(b.snapshot(changed)) == ()


def test_entities_of_one_document_are_fetched_together_and_those_due_first_come_first() -> None:
    other = b.entity(id=SUPPLIER, metadata=b.metadata(entity_id=SUPPLIER, cache_seconds=1800))
    alone = b.entity(
        id=MEMBER,
        source="https://member.example/md",
        metadata=b.metadata(entity_id=MEMBER, cache_seconds=900),
    )
    snapshot = b.snapshot(other, alone)
    assert [len(each.entities) for each in sources_of(snapshot)] == [2, 1]
    assert due(snapshot, {}, b.NOW) == ()
    assert [each.address for each in due(snapshot, {}, b.NOW + HOUR)] == [alone.source, SOURCE]
