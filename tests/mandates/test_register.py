"""The door on both engines: what is put down once, redeemed once, and told to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from toegang.assurance import Level
from toegang.audit.event import Event
from toegang.audit.trail import TrailReader
from toegang.catalogue.representation import EdgeKind
from toegang.errors import LevelNotProven, NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Permit, Refused, StepUp
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.link import Link
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding, Statement, Status
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database
from toegang.storage.trail import TrailTables

SERVICE = b.service(1, b.rules())
BINDING = Binding(transaction="login-1", audience="portal", nonce="n-1", session="s-1")
PIETERS = Asker(actor=b.PIETER, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)


async def made(database: Database, *edges: Edge) -> Mandates:
    mandates = door(database)
    for party in (b.person(b.SANNE), b.person(b.PIETER), b.person(b.NOOR), b.firm()):
        await mandates.know(party, now=b.NOW)
    async with mandates.units.begin() as unit:
        for edge in edges:
            assert await mandates.edges.add(unit, edge)
    return mandates


async def events(database: Database, person: PartyId, ids: Mandates) -> list[Event]:
    reader: TrailReader = TrailTables(database=database, ids=ids.ids)
    return [each.event for each in reversed(await reader.by_person(str(person)))]


async def stated(mandates: Mandates, **changes: Any) -> Statement:  # noqa: ANN401
    asked: dict[str, Any] = {
        "asker": PIETERS,
        "principal": b.SANNE,
        "binding": BINDING,
        "now": b.NOW,
        "law": NOTHING_TOLD,
        **changes,
    }
    return await mandates.state(**asked)


# -- statements ----------------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P14")
async def test_the_same_login_gets_the_same_statement_however_often_it_asks(database: Database) -> None:
    mandates = await made(database, b.edge())
    first = await stated(mandates)
    assert await stated(mandates, now=b.NOW + timedelta(seconds=9)) == first
    assert [event.name for event in await events(database, b.SANNE, mandates)] == ["mandate:used"]


@pytest.mark.requires("MANDATES-P14")
async def test_a_login_that_has_a_statement_gets_none_for_another(database: Database) -> None:
    other = b.edge(id=EdgeId(b.party_id(8)), principal=b.NOOR)
    mandates = await made(database, b.edge(), other)
    await stated(mandates)
    for changes in (
        {"principal": b.NOOR},
        {"asker": replace(PIETERS, actor=b.NOOR)},
        {"asker": replace(PIETERS, service=b.service(2, b.rules()))},
        {"binding": replace(BINDING, nonce="n-2")},
        {"binding": replace(BINDING, session="s-2")},
        {"binding": replace(BINDING, audience="another")},
    ):
        with pytest.raises(NotEntitled):
            await stated(mandates, **changes)


@pytest.mark.requires("MANDATES-P14")
async def test_a_statement_is_redeemed_once_by_whom_it_is_for(database: Database) -> None:
    mandates = await made(database, b.edge())
    statement = await stated(mandates)
    for wrong in (
        replace(BINDING, transaction="login-2"),
        replace(BINDING, audience="another"),
        replace(BINDING, nonce="n-2"),
        replace(BINDING, session="s-2"),
        replace(BINDING, audience="portaln", nonce="-1"),
    ):
        with pytest.raises(OneTimeGone):
            await mandates.redeem(wrong, SERVICE, b.NOW)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, b.service(2, b.rules()), b.NOW)
    taken = await mandates.redeem(BINDING, SERVICE, b.NOW)
    assert taken == replace(statement, status=Status.REDEEMED)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, b.NOW)


@pytest.mark.requires("MANDATES-P5")
async def test_a_statement_is_gone_at_its_end_which_is_no_later_than_that_of_the_mandate(
    database: Database,
) -> None:
    soon = b.NOW + timedelta(minutes=2)
    mandates = await made(database, b.edge(terms=b.terms(until=soon)))
    statement = await stated(mandates)
    assert statement.until == statement.valid_until == soon
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, soon)
    await mandates.redeem(BINDING, SERVICE, soon - timedelta(microseconds=1))


@pytest.mark.requires("MANDATES-P4")
async def test_what_rests_on_a_mandate_that_ended_is_not_redeemed_any_more(database: Database) -> None:
    mandates = await made(database, b.edge())
    await stated(mandates)
    revoke = b.move(Act.REVOKE, b.SANNE)
    await mandates.move(b.edge().id, 1, revoke, (), b.NOW, NOTHING_TOLD)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, b.NOW)
    with pytest.raises(NotEntitled):
        await stated(mandates)
    used, moved = (await events(database, b.SANNE, mandates))[:2]
    assert (used.name, moved.name) == ("mandate:used", "mandate:moved")
    assert getattr(moved, "contested", None) == 1


async def test_a_statement_says_by_what_path_at_what_level_and_until_when(database: Database) -> None:
    staff = b.edge(id=EdgeId(b.party_id(9)), principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE)
    client = b.edge(agent=b.FIRM, terms=b.terms(level=Level.LOW, until=b.NOW + b.DAY))
    mandates = await made(database, staff, client)
    statement = await stated(mandates)
    assert [(step.edge, step.version, step.basis) for step in statement.path] == [
        (staff.id, 1, "employee"),
        (client.id, 1, "voluntary"),
    ]
    assert (statement.level, statement.valid_until) == (Level.LOW, b.NOW + b.DAY)
    assert (statement.actor, statement.principal, statement.rules) == (b.PIETER, b.SANNE, 1)


async def test_the_law_and_an_edge_make_a_chain_together(database: Database) -> None:
    staff = b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE)
    mandates = await made(database, staff)
    curator = b.law(agent=b.FIRM)
    statement = await stated(mandates, law=b.told(curator))
    assert [step.basis for step in statement.path] == ["employee", "curatele"]
    assert statement.path[1].edge is None


@pytest.mark.requires("MANDATES-P10")
@pytest.mark.parametrize("far", [b.law(agent=b.NOOR), b.law(agent=b.NOOR, kind=EdgeKind.PARENTAL)])
async def test_a_person_whom_the_law_names_has_nobody_act_as_their_employee(
    database: Database, far: Link
) -> None:
    friend = b.edge(principal=b.NOOR, agent=b.PIETER, kind=EdgeKind.EMPLOYEE)
    mandates = await made(database, friend)
    child = BirthDate.parse("2020-01-01") if far.kind is EdgeKind.PARENTAL else b.GROWN
    await mandates.know(b.person(b.SANNE, born=child), now=b.NOW)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, b.told(far)) == Refused(whys=(Why.NO_SUBSTITUTION,))


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P20")
async def test_every_refusal_of_a_statement_is_the_same_to_who_passes_it_on(database: Database) -> None:
    mandates = await made(database, b.edge(state=State.SUSPENDED))
    told = set()
    for principal in (b.SANNE, b.NOOR, b.party_id(404), b.PIETER):
        with pytest.raises(NotEntitled) as refused:
            await stated(mandates, principal=principal)
        told.add((refused.value.code, refused.value.detail, refused.value.why, refused.value.about))
    assert len(told) == 1
    recorded = [
        event for event in await events(database, b.PIETER, mandates) if event.name == "mandate:refused"
    ]
    assert len(recorded) == 4


async def test_too_low_a_login_is_stepped_up_before_anybody_is_looked_at(database: Database) -> None:
    mandates = await made(database, b.edge())
    low = replace(PIETERS, authenticated=Level.BASIC)
    for principal in (b.SANNE, b.party_id(404)):
        assert await mandates.decide(low, principal, b.NOW, NOTHING_TOLD) == StepUp(level=Level.LOW)
        with pytest.raises(LevelNotProven):
            await stated(mandates, asker=low, principal=principal)


@pytest.mark.parametrize(
    ("edge", "why"),
    [
        (b.edge(state=State.SUSPENDED), Why.SUSPENDED),
        (b.edge(state=State.OFFERED, pending_until=b.NOW + b.DAY), Why.NOT_IN_FORCE),
        (b.edge(state=State.REVOKED), Why.NOT_IN_FORCE),
        (b.edge(terms=b.terms(until=b.NOW)), Why.NOT_IN_FORCE),
        (b.edge(terms=b.terms(level=Level.BASIC)), Why.LEVEL_TOO_LOW),
        (b.edge(principal=b.NOOR), Why.NO_AUTHORITY),
    ],
)
async def test_the_person_is_told_why(database: Database, edge: Edge, why: Why) -> None:
    mandates = await made(database, edge)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD) == Refused(whys=(why,))


async def test_a_service_without_rules_receives_nobody_who_acts_for_another(database: Database) -> None:
    mandates = await made(database, b.edge())
    asker = replace(PIETERS, service=b.service(1))
    assert await mandates.decide(asker, b.SANNE, b.NOW, b.told(b.law())) == Refused(whys=(Why.NOT_ADMITTED,))


@pytest.mark.requires("MANDATES-P6")
async def test_one_row_of_a_party_stops_everything_that_hangs_on_it(database: Database) -> None:
    staff = b.edge(id=EdgeId(b.party_id(9)), principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE)
    mandates = await made(database, staff, b.edge(agent=b.FIRM))
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Permit)
    await mandates.know(b.firm(standing=Standing.DISSOLVED, since=b.NOW), now=b.NOW)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD) == Refused(whys=(Why.PARTY_ENDED,))
    assert isinstance(
        await mandates.decide(PIETERS, b.SANNE, b.NOW - timedelta(microseconds=1), NOTHING_TOLD), Permit
    )


@pytest.mark.requires("MANDATES-P6")
@pytest.mark.parametrize(
    ("who", "standing"),
    [
        (b.SANNE, Standing.DECEASED),
        (b.SANNE, Standing.UNDER_GUARDIANSHIP),
        (b.PIETER, Standing.DECEASED),
    ],
)
async def test_what_is_told_of_a_party_after_a_statement_stops_it(
    database: Database, who: PartyId, standing: Standing
) -> None:
    mandates = await made(database, b.edge())
    await stated(mandates)
    await mandates.know(b.person(who, standing=standing, since=b.NOW - b.DAY), now=b.NOW)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, b.NOW)


async def test_what_is_told_again_of_a_party_stops_nothing(database: Database) -> None:
    mandates = await made(database, b.edge())
    await stated(mandates)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("1970-00-00")), now=b.NOW)
    await mandates.redeem(BINDING, SERVICE, b.NOW)


# -- moves ---------------------------------------------------------------------------------------------------


async def test_a_mandate_is_offered_accepted_used_and_revoked_each_with_its_event(database: Database) -> None:
    mandates = await made(database)
    offered = await mandates.begin(b.edge(), b.move(Act.OFFER, b.SANNE), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Refused)
    active = await mandates.move(offered.id, 1, b.move(Act.ACCEPT, b.PIETER), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert (active.state, active.version) == (State.ACTIVE, 2)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Permit)
    await mandates.move(offered.id, 2, b.move(Act.REVOKE, b.SANNE), (), b.NOW, NOTHING_TOLD)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Refused)
    told = await events(database, b.PIETER, mandates)
    assert [event.name for event in told] == ["mandate:begun", "mandate:moved", "mandate:moved"]
    assert [getattr(event, "act", "") for event in told] == ["offer", "accept", "revoke"]


async def test_of_two_tabs_the_second_is_told_that_it_changed(database: Database) -> None:
    mandates = await made(database, b.edge())
    await mandates.move(b.edge().id, 1, b.move(Act.RENOUNCE, b.PIETER), (), b.NOW, NOTHING_TOLD)
    with pytest.raises(NotEntitled) as refused:
        await mandates.move(b.edge().id, 1, b.move(Act.REVOKE, b.SANNE), (), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "changed"


async def test_an_equal_request_waits_only_once_until_it_lapsed_without_any_sweeping(
    database: Database,
) -> None:
    mandates = await made(database)
    offer = b.move(Act.OFFER, b.SANNE)
    first = await mandates.begin(b.edge(), offer, (SERVICE,), b.NOW, NOTHING_TOLD)
    again = b.edge(id=EdgeId(b.party_id(9)))
    assert first.pending_until is not None
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(
            again, offer, (SERVICE,), first.pending_until - timedelta(microseconds=1), NOTHING_TOLD
        )
    assert refused.value.why == "pending-already"
    await mandates.begin(again, offer, (SERVICE,), first.pending_until, NOTHING_TOLD)


async def test_a_service_that_a_mandate_names_must_be_among_those_looked_at(database: Database) -> None:
    mandates = await made(database)
    for meant in ((), (b.service(2, b.rules()),), (b.service(1),)):
        with pytest.raises(NotEntitled) as refused:
            await mandates.begin(b.edge(), b.move(Act.OFFER, b.SANNE), meant, b.NOW, NOTHING_TOLD)
        assert refused.value.why == "not-admitted"


async def test_whom_no_register_told_of_gives_and_gets_nothing(database: Database) -> None:
    mandates = await made(database)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(
            b.edge(agent=b.party_id(404)), b.move(Act.OFFER, b.SANNE), (SERVICE,), b.NOW, NOTHING_TOLD
        )
    assert refused.value.why == "party-unknown"
