"""Snapshots: what a delta changes, what it leaves, and that old readers see nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import builders as b
from toegang.catalogue.records import Change, Key, RecordKind, decode, encode, kind_of
from toegang.catalogue.representation import EdgeKind, Group, Representation
from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.catalogue.values import ClientId, EntityId, MeansId, Member, ServiceId
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from toegang.catalogue.values import Record

CLUSTER = b.connection(
    id=ClientId("cluster"),
    entity_id=EntityId("https://supplier.example"),
    members=(Member(organisation=b.TOWN, entity_id=b.FORMS_ENTITY),),
)
RECORDS: list[Record] = [
    b.organisation(),
    b.hub(),
    b.service(),
    b.client(),
    b.connection(),
    CLUSTER,
    b.entity(),
    b.means(),
    b.person(),
]


def test_a_delta_makes_a_new_snapshot_and_leaves_the_old_one_as_it_was() -> None:
    old = b.snapshot()
    new = old.apply(Delta(version=1, changes=(Change.put(b.means(blocked=True)),)))
    assert (old.version, new.version) == (0, 1)
    assert [means.blocked for means in old.all_means()] == [False]
    assert [means.blocked for means in new.all_means()] == [True]
    assert new.client(b.PORTAL) is old.client(b.PORTAL)


def test_a_removed_service_is_gone_and_removing_it_twice_is_harmless() -> None:
    removal = Delta(version=1, changes=(Change.remove(b.service()), Change.remove(b.service())))
    assert b.snapshot().apply(removal).service(b.PERMIT) is None


def test_means_are_listed_by_id() -> None:
    snapshot = b.snapshot(b.means(id=MeansId("zeta")), b.means(id=MeansId("alfa")))
    assert [means.id for means in snapshot.all_means()] == ["account", "alfa", "zeta"]


def test_a_person_with_two_roles_is_found_with_both() -> None:
    snapshot = b.snapshot(b.person(id="op-2"))
    assert [holder.id for holder in snapshot.role_holders("pseudonym-of-op-1")] == ["op-1", "op-2"]
    assert snapshot.role_holders("somebody-else") == ()


def test_a_record_is_found_by_kind_and_key() -> None:
    snapshot = b.snapshot()
    assert snapshot.record(RecordKind.SERVICE, Key(str(b.PERMIT))) == b.service()
    assert snapshot.record(RecordKind.CLIENT, Key("nobody")) is None
    assert len(snapshot) == len(list(snapshot.records())) == 8


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_survives_being_stored(record: Record) -> None:
    assert decode(kind_of(record), encode(record)) == record


def test_a_member_of_a_newer_program_is_ignored_and_a_missing_one_takes_its_default() -> None:
    body = b'{"id":"op-1","subject":"s","name":"n","role":"operator","later":1}'
    assert decode(RecordKind.PERSON, body) == b.person(subject="s", name="n")


def test_a_stored_body_that_is_no_record_says_so_to_the_operator() -> None:
    with pytest.raises(Misconfigured, match="client"):
        decode(RecordKind.CLIENT, b'{"id": 1}')


CHANGES = st.lists(
    st.tuples(st.sampled_from(RECORDS), st.booleans(), st.booleans()),
    max_size=12,
)


@given(st.lists(CHANGES, max_size=5))
def test_applying_deltas_gives_the_same_as_loading_what_remains(
    writes: list[list[tuple[Record, bool, bool]]],
) -> None:
    snapshot, kept = Snapshot.of([]), dict[tuple[RecordKind, object], "Record"]()
    for version, write in enumerate(writes, start=1):
        changes = []
        for record, put, enabled in write:
            changed = replace(record, enabled=enabled) if hasattr(record, "enabled") else record
            changes.append(Change.put(changed) if put else Change.remove(changed))
            kept.pop((kind_of(record), record.id), None)
            if put:
                kept[kind_of(record), record.id] = changed
        snapshot = snapshot.apply(Delta(version=version, changes=tuple(changes)))
    fresh = Snapshot.of(kept.values(), version=len(writes))
    assert snapshot == fresh
    assert snapshot.all_means() == fresh.all_means()
    assert snapshot.role_holders("pseudonym-of-op-1") == fresh.role_holders("pseudonym-of-op-1")
    for name in (b.FORMS_ENTITY, CLUSTER.entity_id):
        assert snapshot.connection_of(name) == fresh.connection_of(name)
        assert snapshot.connections_named(name) == fresh.connections_named(name)


def test_a_connection_and_metadata_are_found_by_entity_id() -> None:
    snapshot = b.snapshot()
    assert snapshot.connection_of(b.FORMS_ENTITY) == snapshot.connection(b.FORMS) == b.connection()
    assert snapshot.entity(b.FORMS_ENTITY) == b.entity()
    assert snapshot.connection_of("https://stranger.example") is None
    assert snapshot.entity("https://stranger.example") is None


def test_a_connection_that_gets_another_name_is_no_longer_found_by_the_old_one() -> None:
    renamed = b.connection(entity_id=EntityId("https://new.example"))
    snapshot = b.snapshot().apply(Delta(version=1, changes=(Change.put(renamed),)))
    assert snapshot.connection_of(b.FORMS_ENTITY) is None
    assert snapshot.connection_of("https://new.example") == renamed
    gone = snapshot.apply(Delta(version=2, changes=(Change.remove(renamed),)))
    assert gone.connection_of("https://new.example") is None


@pytest.mark.requires("STSAML-LC")
def test_a_member_of_a_cluster_is_found_by_name_unless_it_has_a_connection_of_its_own() -> None:
    assert b.snapshot(CLUSTER).connection_of(b.FORMS_ENTITY) == b.connection()
    alone = Snapshot.of([CLUSTER])
    assert alone.connection_of(b.FORMS_ENTITY) == CLUSTER
    assert CLUSTER.member(b.FORMS_ENTITY) == CLUSTER.members[0]
    assert CLUSTER.member("https://stranger.example") is None


def test_who_looks_for_a_member_of_a_large_cluster_waits_for_no_other() -> None:
    several = [
        Member(organisation=CLUSTER.organisation, entity_id=EntityId(f"https://member{number}.example"))
        for number in range(12_500)
    ]
    large = replace(CLUSTER, members=(*CLUSTER.members, *several))
    written = encode(large)
    looked_for = [each.entity_id for each in several[-1_000:]]
    assert large.member(looked_for[0]) == several[-1_000]  # puts them in order
    began = perf_counter()
    assert [large.member(each) for each in looked_for] == several[-1_000:]
    assert perf_counter() - began < 0.1  # one after the other they would take 300 ms
    assert large.service_place(large.services[0]) == 0
    assert encode(large) == written
    assert decode(RecordKind.CONNECTION, written) == large


def test_a_member_of_two_clusters_is_found_by_the_suppliers_name_only() -> None:
    other = replace(CLUSTER, id=ClientId("other"), entity_id=EntityId("https://other.example"))
    snapshot = Snapshot.of([CLUSTER, other])
    assert snapshot.connection_of(b.FORMS_ENTITY) is None
    assert snapshot.connection_of("https://other.example") == other


def test_the_services_of_an_organisation_are_kept_up_with_the_catalogue() -> None:
    one, other = b.service(), b.service(id=ServiceId(UUID(int=7)))
    snapshot = b.snapshot()
    assert snapshot.services_of(b.TOWN) == {one.id}
    more = snapshot.apply(Delta(version=1, changes=(Change.put(other),)))
    assert more.services_of(b.TOWN) == {one.id, other.id}
    moved = more.apply(Delta(version=2, changes=(Change.put(replace(other, organisation=b.HUB)),)))
    assert other.id in moved.services_of(b.HUB)
    assert moved.services_of(b.TOWN) == {one.id}
    gone = moved.apply(Delta(version=3, changes=(Change.remove(one),)))
    assert gone.services_of(b.TOWN) == frozenset()


def test_services_that_admit_representation_are_found_by_owner_and_group() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    rules = Representation(
        version=1, kinds=(EdgeKind.VOLUNTARY,), groups=(Group(id="taxes", since=since),), since=since
    )
    closed, taxes = b.service(), b.service(id=ServiceId(UUID(int=7)), representation=rules)
    snapshot = b.snapshot().apply(Delta(version=1, changes=(Change.put(taxes),)))
    assert closed.id in snapshot.services_of(b.TOWN)
    for found in (
        snapshot.representable(),
        snapshot.representable_of(b.TOWN),
        snapshot.representable_in("taxes"),
    ):
        assert found == {taxes.id}
    assert snapshot.representable_of(b.HUB) == snapshot.representable_in("care") == frozenset()

    care = replace(rules, version=2, groups=(Group(id="care", since=since),))
    moved = snapshot.apply(Delta(version=2, changes=(Change.put(replace(taxes, representation=care)),)))
    assert moved.representable_in("taxes") == frozenset()
    assert moved.representable_in("care") == {taxes.id}
    shut = moved.apply(Delta(version=3, changes=(Change.put(replace(taxes, representation=None)),)))
    assert shut.representable() == shut.representable_in("care") == frozenset()
    assert taxes.id in shut.services_of(b.TOWN)


def test_a_service_is_reached_by_its_place_however_many_there_are() -> None:
    many = tuple(ServiceId(UUID(int=number)) for number in range(12_500))
    supplier = b.client(services=many)
    assert [supplier.service_place(each) for each in many[-1_000:]] == list(range(11_500, 12_500))
    assert supplier.service_place(b.PERMIT) is None
    assert decode(RecordKind.CLIENT, encode(supplier)) == supplier
