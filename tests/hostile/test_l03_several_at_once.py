"""L03: a list of people who get the same mandate tells of none of them whether their number is anybody's."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.mandates.builders import NOW
from tests.mandates.giving_people import (
    CARE,
    NOBODY,
    NOOR,
    PIETER,
    RETURNS,
    SANNE,
    People,
    people,
    proposal,
)
from toegang.identity.numbers import Bsn
from toegang.mandates.beginning import Against, Beginning
from toegang.mandates.bounds import OFFERING
from toegang.mandates.drafts import MOST_OTHERS, Draft, Other
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.finding import Found
from toegang.mandates.life import Act
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database

WRONG = BirthDate.parse("1971-01-01")
UNKNOWN = EdgeId(UUID(int=9))


async def given(house: People, *others: Found) -> list[Edge] | Against:
    wanted = [(other, proposal(RETURNS, CARE)) for other in others]
    begun = await Beginning(voluntary=house.voluntary).with_each(house.actor(SANNE), wanted, Act.OFFER, NOW)
    return begun if isinstance(begun, Against) else list(begun)


async def waiting(house: People) -> list[Edge]:
    leaf = await house.voluntary.page(house.actor(SANNE), Listing.WAITING, Cut(size=50), NOW)
    return list(leaf.edges)


async def test_a_number_that_nobody_has_gets_what_somebody_gets(database: Database) -> None:
    house = await people(database)
    found = [await house.find(SANNE, each) for each in (PIETER, NOBODY)]
    found.append(await house.find(SANNE, NOOR, WRONG))
    made = await given(house, *found)
    assert not isinstance(made, Against)
    assert len({edge.id for edge in made}) == len({edge.agent for edge in made}) == 3
    assert [edge.state for edge in made] == [State.OFFERED] * 3
    assert len({edge.text_hash for edge in made}) == 1
    hints = [await house.voluntary.hint(edge, NOW) for edge in made]
    assert hints == [each.digits[-3:] for each in (PIETER, NOBODY, NOOR)]
    assert {party for _, party in await house.notices()} == {edge.agent for edge in made}


async def test_who_is_known_and_typed_too_gets_both_and_it_is_told_of_neither(database: Database) -> None:
    house = await people(database)
    known = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    typed = await house.find(SANNE, PIETER)
    for order in ((typed, known), (known, typed)):
        made = await given(house, *order)
        assert not isinstance(made, Against)
        assert {edge.agent for edge in made} == {house.ids[PIETER]}
        assert {edge.nobody for edge in made} == {typed.nobody, None}
        for edge in made:
            await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)


async def test_one_that_is_refused_leaves_nothing_of_the_others(database: Database) -> None:
    house = await people(database)
    await given(house, await house.find(SANNE, NOOR))
    others = [await house.find(SANNE, each) for each in (PIETER, NOOR, NOBODY)]
    against = await given(house, *others)
    assert isinstance(against, Against)
    assert (against.place, against.refusal.why) == (1, Why.PENDING_ALREADY)
    assert len(await waiting(house)) == 1
    assert {party for _, party in await house.notices()} == {house.ids[NOOR]}


@pytest.mark.parametrize("bsn", [PIETER, NOBODY])
async def test_a_second_offer_is_refused_alike_whoever_has_the_number(database: Database, bsn: Bsn) -> None:
    house = await people(database)
    other = await house.find(SANNE, bsn)
    assert not isinstance(await given(house, await house.find(SANNE, NOOR), other), Against)
    against = await given(house, other)
    assert isinstance(against, Against)
    assert against.refusal.why == Why.PENDING_ALREADY


async def test_each_counts_and_of_one_too_many_none_is_begun(database: Database) -> None:
    house = await people(database)
    found = [Found(party=party, nobody=party) for party in [house.ids[PIETER], house.ids[NOOR]]]
    actor, begin = house.actor(SANNE), Beginning(voluntary=house.voluntary)
    for _ in range(OFFERING.most // 2 - 1):
        made = await given(house, *found)
        assert not isinstance(made, Against)
        for edge in made:
            await house.voluntary.end(actor, edge.id, edge.version, NOW)
    known = await house.find(SANNE, NOBODY)
    wanted = [(each, proposal(RETURNS)) for each in (*found, known)]
    against = await begin.with_each(actor, wanted, Act.OFFER, NOW)
    assert isinstance(against, Against)
    assert against.refusal.why == Why.TOO_OFTEN
    assert await waiting(house) == []


def party_of(number: int) -> PartyId:
    return PartyId(UUID(int=number))


def test_ten_at_most_and_who_was_typed_twice_counts_once() -> None:
    def other(number: int) -> Other:
        party = party_of(number)
        return Other(found=Found(party=party, nobody=party, hint="019"))

    draft = Draft(by=party_of(0), session="s", asking=False, other=other(1).found, begun_at=NOW)
    for number in (1, 2, 2, *range(3, 30)):
        draft = draft.with_other(other(number))
    assert len(draft.others) == MOST_OTHERS
    assert len({each.found.party for each in draft.others}) == MOST_OTHERS
    for _ in range(20):
        draft = draft.without(0)
    assert len(draft.others) == 1
    assert draft.without(7) == draft
    for bent in (replace(draft, asking=True), replace(draft, renews=UNKNOWN), replace(draft, on=UNKNOWN)):
        assert bent.with_other(other(5)) == bent
