"""L19: directors who decide together: one is not enough, nobody twice, nobody of the other side."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.hostile.test_l19_in_another_name import ANCHOR, director, firm
from tests.mandates.builders import GROWN, NOW, law, terms
from tests.mandates.giving_people import CARE, NOOR, PIETER, SANNE, People, people, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.finding import Found
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why
from toegang.storage import Database

THIRD = Bsn.parse("999990172")


async def board(database: Database, *, third: bool = False) -> tuple[People, PartyId]:
    """Have an organisation that Sanne and Pieter, and perhaps a third, direct together."""
    house = await people(database)
    party = await firm(house)
    named = [house.ids[SANNE], house.ids[PIETER]]
    if third:
        house.register.people[THIRD] = registered(THIRD, birth_date=GROWN)
        house.ids[THIRD] = (await house.voluntary.finding.numbers.meet([THIRD], NOW))[THIRD]
        await house.voluntary.finding.know(house.ids[THIRD], house.register.people[THIRD], NOW)
        named.append(house.ids[THIRD])
    directed(house, party, *named)
    return house, party


def directed(house: People, party: PartyId, *by: PartyId) -> None:
    house.courts.told[party] = replace(NOTHING_TOLD, links=tuple(director(party, each, 2) for each in by))


async def asked(house: People, party: PartyId, by: Actor, kind: EdgeKind = EdgeKind.EMPLOYEE) -> Edge:
    other = Found(party=party, nobody=party)
    wanted = replace(proposal(CARE), kind=kind, to_organisation=kind is EdgeKind.INTERMEDIARY)
    return await house.voluntary.request(by, other, wanted, NOW)


def for_firm(house: People, party: PartyId, by: Bsn) -> Actor:
    return Actor(party=party, level=Level.SUBSTANTIAL, by=house.ids[by])


async def test_what_somebody_asked_one_approves_and_the_other_signs_and_who_was_first_is_kept(
    database: Database,
) -> None:
    house, party = await board(database)
    edge = await asked(house, party, house.actor(NOOR))
    one = await house.voluntary.agree(for_firm(house, party, SANNE), edge.id, 1, NOW)
    assert (one.state, one.signed) == (State.AWAITING_COSIGN, house.ids[SANNE])
    assert one.co_principals == {house.ids[PIETER]}
    assert one.pending_until is not None
    assert ("mandate-asked-notice", house.ids[PIETER]) in await house.notices()
    for nobody in (house.actor(NOOR), house.actor(SANNE), for_firm(house, party, SANNE)):
        with pytest.raises(NotEntitled):
            await house.voluntary.agree(nobody, edge.id, 2, NOW)
    done = await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert (done.state, done.signed, done.agreed) == (
        State.ACTIVE,
        house.ids[SANNE],
        frozenset({house.ids[PIETER]}),
    )
    kept = await house.voluntary.mandates.edges.find(edge.id)
    assert kept == done


async def test_when_who_signed_first_left_nobody_signs_after_them(database: Database) -> None:
    house, party = await board(database, third=True)
    edge = await asked(house, party, house.actor(NOOR))
    await house.voluntary.agree(for_firm(house, party, SANNE), edge.id, 1, NOW)
    directed(house, party, house.ids[PIETER], house.ids[THIRD])
    for bsn in (PIETER, THIRD):
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.agree(house.actor(bsn), edge.id, 2, NOW)
        assert refused.value.why == Why.NOT_YOURS


@pytest.mark.requires("MANDATES-P27")
@pytest.mark.parametrize("third", [False, True])
async def test_who_asked_it_for_their_own_firm_does_not_agree_to_it_as_a_director_of_the_other(
    database: Database, third: bool
) -> None:
    house, party = await board(database, third=third)
    own = await firm(house, ANCHOR, director(PartyId(UUID(int=1)), house.ids[PIETER]))
    house.courts.told[own] = replace(NOTHING_TOLD, links=(director(own, house.ids[PIETER]),))
    edge = await asked(house, party, for_firm(house, own, PIETER), EdgeKind.INTERMEDIARY)
    assert edge.asked_by == house.ids[PIETER]
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(for_firm(house, party, PIETER), edge.id, 1, NOW)
    assert refused.value.why == Why.SELF_APPROVAL
    if not third:
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.agree(for_firm(house, party, SANNE), edge.id, 1, NOW)
        assert refused.value.why == Why.NOT_YOURS
        return
    one = await house.voluntary.agree(for_firm(house, party, SANNE), edge.id, 1, NOW)
    assert one.co_principals == {house.ids[THIRD]}
    with pytest.raises(NotEntitled):
        await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    done = await house.voluntary.agree(house.actor(THIRD), edge.id, 2, NOW)
    assert done.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27")
async def test_who_asked_in_the_name_of_a_third_does_not_agree_as_a_co_parent(database: Database) -> None:
    house = await people(database)
    sanne, pieter, noor = (house.ids[each] for each in (SANNE, PIETER, NOOR))
    edge = Edge(
        id=EdgeId(UUID(int=7)),
        principal=sanne,
        agent=pieter,
        kind=EdgeKind.VOLUNTARY,
        state=State.AWAITING_COSIGN,
        terms=terms(scopes=(Scope.of_service(CARE.id),)),
        initiator=pieter,
        since=NOW,
        co_principals=frozenset({noor}),
        asked_by=noor,
    )
    async with database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, edge)
    named = law(principal=sanne, agent=noor, overrules=False, powers=frozenset())
    house.courts.told[sanne] = replace(NOTHING_TOLD, links=(named,))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(NOOR), edge.id, 1, NOW)
    assert refused.value.why == Why.SELF_APPROVAL


@pytest.mark.requires("MANDATES-P27", "MANDATES-P25")
async def test_while_nobody_tells_who_controls_the_firm_that_is_to_act_no_director_signs(
    database: Database,
) -> None:
    house, party = await board(database)
    own = await firm(house, ANCHOR)
    other = Found(party=own, nobody=own)
    wanted = replace(proposal(CARE), kind=EdgeKind.INTERMEDIARY, to_organisation=True)
    edge = await house.voluntary.offer(for_firm(house, party, SANNE), other, wanted, NOW)
    assert (edge.signed, edge.co_principals) == (house.ids[SANNE], frozenset({house.ids[PIETER]}))
    taken = await house.voluntary.agree(replace(house.actor(NOOR), party=own), edge.id, 1, NOW)
    assert taken.state is State.AWAITING_COSIGN
    house.courts.told[own] = replace(NOTHING_TOLD, silent=frozenset({own}))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert refused.value.why == Why.REGISTER_SILENT
    house.courts.told[own] = replace(NOTHING_TOLD, links=(director(own, house.ids[PIETER]),))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert refused.value.why == Why.SELF_APPROVAL


async def test_what_a_new_director_may_do_alone_is_not_enough_for_one_who_may_not(database: Database) -> None:
    house, party = await board(database, third=True)
    directed(house, party, house.ids[SANNE], house.ids[PIETER])
    edge = await asked(house, party, house.actor(NOOR))
    await house.voluntary.agree(for_firm(house, party, SANNE), edge.id, 1, NOW)
    links = director(party, house.ids[PIETER], 2), director(party, house.ids[THIRD])
    house.courts.told[party] = replace(NOTHING_TOLD, links=links)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert refused.value.why == Why.NOT_YOURS
    house.courts.told[party] = replace(NOTHING_TOLD, links=(director(party, house.ids[PIETER]),))
    done = await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert done.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27")
@pytest.mark.parametrize("who", [SANNE, PIETER])
async def test_who_signs_for_the_one_side_does_not_take_it_for_the_other(
    database: Database, who: Bsn
) -> None:
    house, party = await board(database)
    noor = house.ids[NOOR]
    looks_after = law(principal=noor, agent=house.ids[who], basis="bewind", overrules=False)
    house.courts.told[noor] = replace(NOTHING_TOLD, links=(looks_after,))
    wanted = replace(proposal(CARE), kind=EdgeKind.EMPLOYEE)
    other = Found(party=noor, nobody=noor)
    edge = await house.voluntary.offer(for_firm(house, party, SANNE), other, wanted, NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(for_firm(house, noor, who), edge.id, 1, NOW)
    assert refused.value.why == Why.SELF_APPROVAL
    await house.voluntary.agree(house.actor(NOOR), edge.id, 1, NOW)
    done = await house.voluntary.agree(house.actor(PIETER), edge.id, 2, NOW)
    assert done.state is State.ACTIVE
