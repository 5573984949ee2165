"""What an authority decides about a mandate: it stands still, goes on, ends or was never given."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE, People, people, proposal
from tests.mandates.test_register import events
from toegang.assurance import Level
from toegang.audit.events import MandateLookedAt, MandateOrdered
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Permit, Refused
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import TABLE, Act, Side
from toegang.mandates.listing import Listing, listed
from toegang.mandates.moves import Move, Mover
from toegang.mandates.office import CAUSES, Cause, Office, Order, Seen
from toegang.mandates.scope import Scope
from toegang.mandates.statement import Binding
from toegang.mandates.why import Why
from toegang.storage import Database, ExpiringStore

NOW = b.NOW
BINDING = Binding(transaction="login-1", audience="portal", nonce="n-1", session="s-1")


def ordered(cause: Cause = Cause.FRAUD) -> Order:
    return Order(by="command:officer", cause=cause, decision="FRD-2027-0041")


def office(house: People) -> Office:
    return Office(
        mandates=house.voluntary.mandates,
        telling=house.voluntary.telling,
        services=house.offered,
        looks=ExpiringStore(house.database, "mandate-looked-at", Seen),
    )


async def given(house: People) -> Edge:
    found = await house.find(SANNE, PIETER)
    edge = await house.voluntary.offer(house.actor(SANNE), found, proposal(RETURNS, CARE), NOW)
    return await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW)


def pieters(house: People) -> Asker:
    return Asker(
        actor=house.ids[PIETER], authenticated=Level.SUBSTANTIAL, requested=Level.LOW, service=RETURNS
    )


async def stated(house: People, transaction: str = "login-1") -> Binding:
    """Have Pieter log in for Sanne."""
    binding = Binding(transaction=transaction, audience="portal", nonce="n-1", session="s-1")
    await house.voluntary.mandates.state(pieters(house), house.ids[SANNE], binding, NOW, NOTHING_TOLD)
    return binding


async def decided(house: People) -> Permit | Refused:
    found = await house.voluntary.mandates.decide(pieters(house), house.ids[SANNE], NOW, NOTHING_TOLD)
    assert isinstance(found, Permit | Refused)
    return found


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["", "1", "Sanne Bakker", "a" * 41, "-1", "FRD\n41", "é41"])
def test_what_is_no_reference_is_no_ground(decision: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        Order(by="command:officer", cause=Cause.FRAUD, decision=decision)


async def test_the_office_does_nothing_but_its_own_acts_for_their_causes(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    for act in Act:
        for cause in set(Cause) - CAUSES.get(act, frozenset()):
            with pytest.raises(NotEntitled) as refused:
                await office(house).decide(edge.id, act, ordered(cause), NOW)
            assert refused.value.why == Why.NOT_YOURS
    assert await house.voluntary.mandates.edges.find(edge.id) == edge


@pytest.mark.requires("MANDATES-P16")
async def test_no_person_makes_a_mandate_stand_still_go_on_or_void(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    for act in (Act.SUSPEND, Act.RESUME, Act.VOID, Act.SUPERSEDE, Act.TERMINATE):
        for bsn in (SANNE, PIETER):
            move = Move(act=act, by=Mover.self(house.ids[bsn], Level.HIGH))
            with pytest.raises(NotEntitled) as refused:
                await house.voluntary.mandates.move(
                    edge.id, edge.version, move, (RETURNS, CARE), NOW, NOTHING_TOLD
                )
            assert refused.value.why == Why.NOT_YOURS


@pytest.mark.requires("MANDATES-P16")
async def test_what_has_ended_is_decided_about_no_more(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    await office(house).decide(edge.id, Act.REVOKE, ordered(), NOW)
    for act in CAUSES:
        with pytest.raises(NotEntitled) as refused:
            await office(house).decide(edge.id, act, ordered(), NOW)
        assert refused.value.why == Why.NOT_NOW


async def test_a_reference_of_nothing_and_what_is_said_of_a_team_are_no_mandates(database: Database) -> None:
    house = await people(database)
    team = b.edge(
        principal=house.ids[SANNE],
        agent=house.ids[PIETER],
        terms=b.terms(scopes=(Scope.of_teams(UUID(int=5)),)),
    )
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, team)
    for id_ in (EdgeId(UUID(int=99)), team.id):
        with pytest.raises(NotEntitled):
            await office(house).decide(id_, Act.SUSPEND, ordered(), NOW)


# -- what it does --------------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P4")
async def test_nobody_acts_by_what_stands_still_and_everything_is_as_it_was_when_it_goes_on(
    database: Database,
) -> None:
    house = await people(database)
    edge = await given(house)
    waiting = await stated(house)
    still = await office(house).decide(edge.id, Act.SUSPEND, ordered(Cause.DISPUTE), NOW)
    assert (still.state, still.terms) == (State.SUSPENDED, edge.terms)
    with pytest.raises(OneTimeGone):
        await house.voluntary.mandates.redeem(waiting, RETURNS, NOW)
    refused = await decided(house)
    assert isinstance(refused, Refused)
    assert Why.SUSPENDED in refused.whys
    again = await office(house).decide(edge.id, Act.RESUME, ordered(Cause.DISPUTE), NOW)
    assert (again.state, again.terms, again.version) == (State.ACTIVE, edge.terms, edge.version + 2)
    assert isinstance(await decided(house), Permit)
    with pytest.raises(OneTimeGone):  # what waited when it stood still is not given after all
        await house.voluntary.mandates.redeem(waiting, RETURNS, NOW)


async def test_either_side_ends_what_stands_still_and_nobody_brings_it_back(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    still = await office(house).decide(edge.id, Act.SUSPEND, ordered(), NOW)
    assert listed(still, house.ids[SANNE], NOW) is Listing.GIVEN
    over = await house.voluntary.end(house.actor(PIETER, Level.LOW), edge.id, still.version, NOW)
    assert over.state is State.RENOUNCED
    with pytest.raises(NotEntitled):
        await office(house).decide(edge.id, Act.RESUME, ordered(), NOW)


async def test_what_stands_still_is_over_at_its_end_whether_or_not_it_is_resumed(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    await office(house).decide(edge.id, Act.SUSPEND, ordered(), NOW)
    late = edge.terms.until + timedelta(days=1)
    again = await office(house).decide(edge.id, Act.RESUME, ordered(), late)
    assert not again.effective(late)
    assert listed(again, house.ids[SANNE], late) is Listing.ENDED


@pytest.mark.parametrize("act", sorted(CAUSES))
async def test_both_sides_are_told_that_there_is_news_and_the_trail_why(database: Database, act: Act) -> None:
    house = await people(database)
    edge = await given(house)
    if act is Act.RESUME:
        await office(house).decide(edge.id, Act.SUSPEND, ordered(), NOW)
    before = Counter(await house.notices())
    await office(house).decide(edge.id, act, ordered(), NOW)
    told = Counter(await house.notices()) - before
    assert {party for _, party in told} == {house.ids[SANNE], house.ids[PIETER]}
    for bsn in (SANNE, PIETER):
        read = await events(database, house.ids[bsn], house.voluntary.mandates)
        why = {(each.act, each.cause, each.decision) for each in read if isinstance(each, MandateOrdered)}
        assert (act.value, "fraud", "FRD-2027-0041") in why


async def test_of_what_is_void_every_use_is_told_also_what_was_handed_over_long_ago(
    database: Database,
) -> None:
    house = await people(database)
    edge = await given(house)
    first = await house.voluntary.mandates.redeem(await stated(house), RETURNS, NOW)
    second = await stated(house, "login-2")
    late = NOW + timedelta(minutes=1)
    void = await office(house).decide(edge.id, Act.VOID, ordered(Cause.COURT), late)
    assert void.state is State.VOID
    with pytest.raises(OneTimeGone):
        await house.voluntary.mandates.redeem(second, RETURNS, late)
    uses = [each async for each in office(house).uses(void, void.terms.from_)]
    assert [each.id for each in uses] == [first.id]


def test_the_acts_of_the_office_are_those_of_the_table() -> None:
    own = {line.act for line in TABLE if Side.OFFICE in line.by} - {Act.SEND_LETTER}
    assert own == set(CAUSES)


async def test_who_looks_at_a_mandate_is_put_down_for_both_sides_once_an_hour(database: Database) -> None:
    house = await people(database)
    edge, room = await given(house), office(house)
    soon, later = NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)
    for by, at in (("first", NOW), ("first", soon), ("second", soon), ("first", later)):
        assert (await room.look(edge.id, by, at)).id == edge.id
    with pytest.raises(NotEntitled):
        await room.look(EdgeId(UUID(int=99)), "first", NOW)
    for party in (edge.principal, edge.agent):
        read = await events(database, party, house.voluntary.mandates)
        looked = [each for each in read if isinstance(each, MandateLookedAt)]
        assert [each.by for each in looked] == ["first", "second", "first"]
        assert {each.edge for each in looked} == {str(edge.id)}
