"""The gate: every state of every party, at every entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.catalogue import builders as b
from toegang.catalogue import gate
from toegang.catalogue.values import ClientId, MeansId, OrganisationId, Role, ServiceId, Validity
from toegang.errors import NotEntitled, PartyClosed, UnknownParty

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.catalogue.snapshot import Snapshot

HOUR = timedelta(hours=1)
STATES: dict[str, dict[str, object]] = {
    "open": {},
    "open from exactly now": {"validity": Validity(from_=b.NOW)},
    "disabled": {"enabled": False},
    "not yet begun": {"validity": Validity(from_=b.NOW + HOUR)},
    "ended exactly now": {"validity": Validity(until=b.NOW)},
    "ended before": {"validity": Validity(from_=b.NOW - 2 * HOUR, until=b.NOW - HOUR)},
}
OPEN = {"open", "open from exactly now"}

PARTIES: dict[str, Callable[..., object]] = {
    "organisation": b.organisation,
    "hub": b.hub,
    "service": b.service,
    "client": b.client,
    "connection": b.connection,
    "entity": b.entity,
    "means": b.means,
    "person": b.person,
}
ENTRIES: dict[str, tuple[Callable[[Snapshot], object], set[str]]] = {
    "open_organisation": (lambda s: gate.open_organisation(s, b.TOWN, b.NOW), {"organisation"}),
    "open_client": (lambda s: gate.open_client(s, b.PORTAL, b.NOW), {"organisation", "client"}),
    "open_connection": (
        lambda s: gate.open_connection(s, b.FORMS, b.NOW),
        {"organisation", "connection"},
    ),
    "open_asker, a client": (lambda s: gate.open_asker(s, b.PORTAL, b.NOW), {"organisation", "client"}),
    "open_asker, a connection": (
        lambda s: gate.open_asker(s, b.FORMS, b.NOW),
        {"organisation", "connection"},
    ),
    "open_entity": (lambda s: gate.open_entity(s, b.FORMS_ENTITY, b.NOW), {"organisation", "entity"}),
    "open_service": (
        lambda s: gate.open_service(s, b.PERMIT, b.client(), b.NOW),
        {"organisation", "service"},
    ),
    "open_means": (lambda s: gate.open_means(s, b.ACCOUNT, b.NOW), {"hub", "means"}),
    "open_role": (
        lambda s: gate.open_role(s, "pseudonym-of-op-1", Role.OPERATOR, OrganisationId(""), b.NOW),
        {"person"},
    ),
}
MATRIX = [(party, state, entry) for party in PARTIES for state in STATES for entry in ENTRIES]


@pytest.mark.parametrize(("party", "state", "entry"), MATRIX)
def test_every_entry_refuses_every_closed_party_it_depends_on(party: str, state: str, entry: str) -> None:
    snapshot = b.snapshot(PARTIES[party](**STATES[state]))
    enter, depends_on = ENTRIES[entry]
    if state in OPEN or party not in depends_on:
        assert enter(snapshot) is not None
    else:
        with pytest.raises(NotEntitled if party == "person" else PartyClosed):
            enter(snapshot)


def test_a_blocked_means_is_closed_even_when_enabled() -> None:
    with pytest.raises(PartyClosed, match="blocked"):
        gate.open_means(b.snapshot(b.means(blocked=True)), b.ACCOUNT, b.NOW)


def test_an_unknown_party_is_refused_at_every_gate() -> None:
    snapshot = b.snapshot()
    nowhere = ServiceId(UUID(int=9))
    with pytest.raises(UnknownParty):
        gate.open_organisation(snapshot, OrganisationId("nobody"), b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_client(snapshot, ClientId("nobody"), b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_connection(snapshot, ClientId("nobody"), b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_asker(snapshot, ClientId("nobody"), b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_entity(snapshot, "https://nobody.example", b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_service(snapshot, nowhere, b.client(services=(nowhere,)), b.NOW)
    with pytest.raises(UnknownParty):
        gate.open_means(snapshot, MeansId("nobody"), b.NOW)


@pytest.mark.requires("SAMLMeta-2.3.2")
def test_metadata_past_its_own_date_is_closed() -> None:
    last = b.snapshot(b.entity(metadata=b.metadata(valid_until=b.NOW + HOUR)))
    assert gate.open_entity(last, b.FORMS_ENTITY, b.NOW).in_force(b.NOW)
    with pytest.raises(PartyClosed, match="no longer in force"):
        gate.open_entity(last, b.FORMS_ENTITY, b.NOW + HOUR)


def test_a_connection_reaches_the_services_that_it_is_registered_for() -> None:
    assert gate.open_service(b.snapshot(), b.PERMIT, b.connection(), b.NOW) == b.service()
    with pytest.raises(NotEntitled):
        gate.open_service(b.snapshot(), b.PERMIT, b.connection(services=()), b.NOW)


def test_a_client_does_not_reach_a_service_that_it_is_not_registered_for() -> None:
    with pytest.raises(NotEntitled):
        gate.open_service(b.snapshot(), b.PERMIT, b.client(services=()), b.NOW)


def test_a_record_whose_organisation_is_gone_is_closed() -> None:
    orphan = b.snapshot(b.client(organisation=OrganisationId("gone")))
    with pytest.raises(PartyClosed, match="not in the catalogue"):
        gate.open_client(orphan, b.PORTAL, b.NOW)


def test_a_role_for_one_organisation_is_not_a_role_for_the_hub() -> None:
    snapshot = b.snapshot(b.person(role=Role.PARTY_MANAGER, organisation=b.TOWN))
    held = gate.open_role(snapshot, "pseudonym-of-op-1", Role.PARTY_MANAGER, b.TOWN, b.NOW)
    assert held.organisation == b.TOWN
    with pytest.raises(NotEntitled):
        gate.open_role(snapshot, "pseudonym-of-op-1", Role.PARTY_MANAGER, OrganisationId(""), b.NOW)


def test_a_role_for_a_disabled_organisation_is_closed() -> None:
    manager = b.person(role=Role.PARTY_MANAGER, organisation=b.TOWN)
    snapshot = b.snapshot(manager, b.organisation(enabled=False))
    with pytest.raises(PartyClosed):
        gate.open_role(snapshot, manager.subject, Role.PARTY_MANAGER, b.TOWN, b.NOW)
