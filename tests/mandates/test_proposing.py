"""Four eyes at the office: what one officer proposes another does, or nobody."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import NOOR, PIETER, RETURNS, SANNE, People, people
from tests.mandates.test_office import given, office, stated
from tests.mandates.test_register import events
from toegang.audit.events import MandateOrderDropped, MandateOrdered, MandateOrderProposed
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.desk.standing_apart import ApartByLaw, StandingApart
from toegang.mandates.edge import Edge, EdgeId, State, Under
from toegang.mandates.life import Act
from toegang.mandates.office import CAUSES, Cause, Order
from toegang.mandates.proposing import (
    BY_TWO,
    PROPOSALS_LIVE,
    FourEyes,
    Officer,
    Proposal,
    Waiting,
    is_late,
)
from toegang.mandates.why import Why
from toegang.storage import Database, ExpiringStore
from toegang.storage.trail import TrailTables

NOW = b.NOW
FIRST = Officer(name="first", party=b.party_id(7001))
SECOND = Officer(name="second", party=b.party_id(7002))
THIRD = Officer(name="third", party=b.party_id(7003))


def eyes(house: People) -> FourEyes:
    return FourEyes(
        office=office(house),
        proposals=ExpiringStore(house.database, "mandate-proposal", Proposal),
        waiting=ExpiringStore(house.database, "mandate-proposals", Waiting),
        apart=ApartByLaw(apart=StandingApart(mandates=house.voluntary.mandates), gathering=house.courts),
    )


def ordered(by: Officer = FIRST, cause: Cause = Cause.FRAUD) -> Order:
    return Order(by=by.name, cause=cause, decision="FRD-2027-0041")


async def proposed(
    house: People,
    edge: Edge,
    act: Act = Act.VOID,
    by: Officer = FIRST,
    **changes: Any,  # noqa: ANN401
) -> Proposal:
    asked: dict[str, Any] = {"seen": edge.version, "order": ordered(by), "now": NOW, **changes}
    return await eyes(house).propose(by, edge.id, act, **asked)


async def why(doing: Any) -> str:  # noqa: ANN401
    with pytest.raises(NotEntitled) as refused:
        await doing
    return refused.value.why


async def kept(house: People, edge: Edge) -> Edge:
    found = await house.voluntary.mandates.edges.find(edge.id)
    assert found is not None
    return found


# -- refusals ------------------------------------------------------------------------------------------------


async def test_nothing_is_proposed_that_is_no_act_for_two_or_for_no_such_cause(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    for act in set(Act) - BY_TWO:
        assert await why(proposed(house, edge, act)) == Why.NOT_YOURS
    for act in BY_TWO:
        for cause in set(Cause) - CAUSES[act]:
            assert await why(proposed(house, edge, act, order=ordered(cause=cause))) == Why.NOT_YOURS
    assert await why(proposed(house, edge, Act.RESUME)) == Why.NOT_NOW
    assert await why(proposed(house, edge, seen=edge.version + 1)) == Why.CHANGED
    forged = EdgeId(UUID(int=99))
    assert await why(eyes(house).propose(FIRST, forged, Act.VOID, 1, ordered(), NOW)) == Why.NOT_YOURS
    assert await eyes(house).find(edge.id, NOW) is None


@pytest.mark.requires("MANDATES-P27")
async def test_nobody_does_what_they_proposed_themselves_under_whichever_name(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    made = await proposed(house, edge)
    again = Officer(name="another name", party=FIRST.party)
    lent = Officer(name=FIRST.name, party=b.party_id(7009))
    for same in (FIRST, again, lent):
        doing = eyes(house).confirm(same, edge.id, made.name, edge.version, NOW)
        assert await why(doing) == Why.SELF_APPROVAL
        assert await why(eyes(house).decline(same, edge.id, made.name, NOW)) == Why.SELF_APPROVAL
    assert await why(eyes(house).withdraw(SECOND, edge.id, made.name, NOW)) == Why.NOT_YOURS
    assert (await kept(house, edge)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27")
async def test_an_officer_decides_nothing_about_their_own_or_of_who_lets_them_act(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    noor = b.edge(principal=house.ids[SANNE], agent=house.ids[NOOR], terms=edge.terms)
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, noor)
    made = await proposed(house, edge)
    for bsn in (SANNE, PIETER, NOOR):
        mine = Officer(name="mine", party=house.ids[bsn])
        door = eyes(house)
        for doing in (
            door.suspend(mine, edge.id, edge.version, ordered(mine), NOW),
            proposed(house, edge, by=mine),
            door.confirm(mine, edge.id, made.name, edge.version, NOW),
            door.decline(mine, edge.id, made.name, NOW),
        ):
            assert await why(doing) == "desk-not-apart"
    assert (await kept(house, edge)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27")
async def test_who_agrees_beside_the_giver_or_signed_for_a_side_is_no_officer_of_it(
    database: Database,
) -> None:
    house = await people(database)
    noor, sanne, pieter = (house.ids[each] for each in (NOOR, SANNE, PIETER))
    plain = await given(house)
    both = b.edge(principal=sanne, agent=pieter, terms=plain.terms)
    mine = Officer(name="mine", party=noor)
    for number, change in enumerate(
        (
            {"co_principals": frozenset({noor})},
            {"under": Under(by=noor, kind=EdgeKind.PARENTAL)},
            {"asked_by": noor},
            {"signed": noor},
        )
    ):
        edge = replace(both, id=EdgeId(UUID(int=500 + number)), **change)  # type: ignore[arg-type]
        async with house.database.begin() as unit:
            assert await house.voluntary.mandates.edges.add(unit, edge)
        made = await proposed(house, edge)
        door = eyes(house)
        for doing in (
            door.suspend(mine, edge.id, edge.version, ordered(mine), NOW),
            proposed(house, edge, by=mine),
            door.confirm(mine, edge.id, made.name, edge.version, NOW),
            door.decline(mine, edge.id, made.name, NOW),
        ):
            assert await why(doing) == "desk-not-apart", change
        assert await door.seen_by(mine, edge, NOW) is None
        assert await door.seen_by(SECOND, edge, NOW) == made


@pytest.mark.requires("MANDATES-P27")
async def test_who_proposed_and_stands_apart_no_more_is_no_second_pair_of_eyes(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    made = await proposed(house, edge)
    bound = b.edge(principal=house.ids[SANNE], agent=FIRST.party, terms=edge.terms)
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.parties.put(unit, b.person(FIRST.party))
        assert await house.voluntary.mandates.edges.add(unit, bound)
    doing = eyes(house).confirm(SECOND, edge.id, made.name, edge.version, NOW)
    assert await why(doing) == "desk-not-apart"


async def test_a_proposal_that_is_over_withdrawn_declined_or_another_is_not_done(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    door = eyes(house)

    async def refused(name: str, at: Any = NOW) -> None:  # noqa: ANN401
        assert await why(door.confirm(SECOND, edge.id, name, edge.version, at)) == Why.CHANGED
        assert await why(door.withdraw(FIRST, edge.id, name, at)) == Why.CHANGED
        assert await why(door.decline(SECOND, edge.id, name, at)) == Why.CHANGED

    first = await proposed(house, edge)
    assert await why(proposed(house, edge, Act.REVOKE, by=THIRD)) == Why.PENDING_ALREADY
    await refused("AAAA-BBBB-CCCC")
    await refused(first.name, NOW + PROPOSALS_LIVE)
    await door.withdraw(FIRST, edge.id, first.name, NOW)
    await refused(first.name)
    second = await proposed(house, edge, Act.REVOKE)
    await refused(first.name)
    await door.decline(SECOND, edge.id, second.name, NOW)
    await refused(second.name)
    assert await kept(house, edge) == edge
    reader = TrailTables(database=database, ids=house.voluntary.mandates.ids)
    read = [one.event for made in (first, second) for one in await reader.by_reference(made.name)]
    dropped = [(each.outcome, each.by) for each in read if isinstance(each, MandateOrderDropped)]
    assert dropped == [("withdrawn", "first"), ("declined", "second")]
    told = [each for each in read if isinstance(each, MandateOrderProposed)]
    assert [(each.act, each.by) for each in told] == [("void", "first"), ("revoke", "first")]


async def test_what_ended_or_changed_meanwhile_is_told_and_not_done_to(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    made = await proposed(house, edge)
    still = await eyes(house).suspend(THIRD, edge.id, edge.version, ordered(THIRD), NOW)
    stale = eyes(house).confirm(SECOND, edge.id, made.name, edge.version, NOW)
    assert await why(stale) == Why.CHANGED
    await house.voluntary.end(house.actor(SANNE), edge.id, still.version, NOW)
    ended = await kept(house, edge)
    doing = eyes(house).confirm(SECOND, edge.id, made.name, ended.version, NOW)
    assert await why(doing) == Why.NOT_NOW
    assert await kept(house, edge) == ended
    # Nothing was taken by what was refused: who proposed it takes it back.
    await eyes(house).withdraw(FIRST, edge.id, made.name, NOW)


async def test_who_lets_it_go_on_looked_at_why_it_stands_still_now(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    still = await eyes(house).suspend(FIRST, edge.id, edge.version, ordered(), NOW)
    made = await proposed(house, still, Act.RESUME)
    # On the command line it goes on, and stands still again for something else, of which FIRST knows nothing.
    later = NOW + timedelta(hours=1)
    await office(house).decide(edge.id, Act.RESUME, ordered(THIRD), NOW)
    again = await office(house).decide(edge.id, Act.SUSPEND, ordered(THIRD), later)
    assert is_late(made, again, later)
    assert not is_late(made, still, later)
    doing = eyes(house).confirm(SECOND, edge.id, made.name, again.version, later)
    assert await why(doing) == Why.CHANGED
    assert await kept(house, edge) == again
    await eyes(house).decline(SECOND, edge.id, made.name, later)


# -- what is done --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "after"), [(Act.VOID, State.VOID), (Act.REVOKE, State.REVOKED)])
async def test_what_one_proposes_and_another_does_is_told_to_both_sides(
    database: Database, act: Act, after: State
) -> None:
    house = await people(database)
    edge = await given(house)
    binding = await stated(house)
    made = await proposed(house, edge, act)
    told = Counter(await house.notices())
    done = await eyes(house).confirm(SECOND, edge.id, made.name, edge.version, NOW + timedelta(minutes=1))
    assert done.state is after
    heard = Counter(await house.notices()) - told
    assert {party for _, party in heard} == {house.ids[SANNE], house.ids[PIETER]}
    with pytest.raises(OneTimeGone):
        await house.voluntary.mandates.redeem(binding, RETURNS, NOW)
    for bsn in (SANNE, PIETER):
        read = await events(database, house.ids[bsn], house.voluntary.mandates)
        [order] = [each for each in read if isinstance(each, MandateOrdered)]
        assert (order.act, order.by, order.proposed_by) == (act.value, "second", "first")
        assert order.reference == made.name
        assert not any(isinstance(each, MandateOrderProposed) for each in read)


async def test_one_lets_it_stand_still_and_two_let_it_go_on(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    still = await eyes(house).suspend(FIRST, edge.id, edge.version, ordered(), NOW)
    assert still.state is State.SUSPENDED
    late = NOW + timedelta(days=60)  # it goes on by no clock
    assert (await kept(house, edge)).state_at(late) is State.SUSPENDED
    made = await proposed(house, still, Act.RESUME)
    on = await eyes(house).confirm(SECOND, edge.id, made.name, still.version, NOW)
    assert on.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P16")
async def test_of_two_at_once_one_wins_and_a_proposal_is_used_once(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    made = await proposed(house, edge)
    door = eyes(house)
    doing = (
        door.confirm(SECOND, edge.id, made.name, edge.version, NOW),
        door.confirm(THIRD, edge.id, made.name, edge.version, NOW),
        door.decline(THIRD, edge.id, made.name, NOW),
        door.withdraw(FIRST, edge.id, made.name, NOW),
    )
    results = await asyncio.gather(*doing, return_exceptions=True)
    refused = [each for each in results if isinstance(each, BaseException)]
    assert all(isinstance(each, NotEntitled) for each in refused)
    assert len(refused) == len(doing) - 1
    voided = any(isinstance(each, Edge) for each in results)
    assert (await kept(house, edge)).state is (State.VOID if voided else State.ACTIVE)
    assert await door.find(edge.id, NOW) is None
