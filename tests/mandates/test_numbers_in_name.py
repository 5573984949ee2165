"""Whose number somebody types in the name of an organisation gets what is asked or given, as anybody does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hostile.test_l19_in_another_name import director
from tests.hostile.test_l19_signing_together import board, for_firm
from tests.mandates.builders import GROWN, NOW
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE, People, proposal
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge
from toegang.mandates.finding import Found, Typed
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.storage import Database


async def typed(house: People, party: PartyId, number: Bsn) -> Found:
    finding = house.voluntary.finding
    return await finding.by_number(party, Typed(bsn=number, born=GROWN), NOW, firm=True, in_name=True)


def directed(house: People, party: PartyId, needed: dict[Bsn, int]) -> None:
    """Have the register say who directs it, and how many of them must act together."""
    links = tuple(director(party, house.ids[each], many) for each, many in needed.items())
    house.courts.told[party] = replace(NOTHING_TOLD, links=links)


async def to_answer(house: People, bsn: Bsn) -> list[Edge]:
    page = await house.voluntary.page(house.actor(bsn), Listing.TO_ANSWER, Cut(size=20), NOW)
    return list(page.edges)


@pytest.mark.parametrize("client", [SANNE, PIETER])
async def test_a_firm_asks_who_directs_it_by_their_number(database: Database, client: Bsn) -> None:
    house, party = await board(database)
    directed(house, party, {SANNE: 1, PIETER: 1})
    found = await typed(house, party, client)
    wanted = replace(proposal(RETURNS), to_organisation=True)
    edge = await house.voluntary.request(for_firm(house, party, SANNE), found, wanted, NOW)
    assert [each.id for each in await to_answer(house, client)] == [edge.id]


async def test_a_director_who_acts_alone_gives_another_by_their_number(database: Database) -> None:
    house, party = await board(database)
    directed(house, party, {SANNE: 1, PIETER: 2})
    wanted = replace(proposal(CARE), kind=EdgeKind.EMPLOYEE)
    found = await typed(house, party, PIETER)
    edge = await house.voluntary.offer(for_firm(house, party, SANNE), found, wanted, NOW)
    assert [each.id for each in await to_answer(house, PIETER)] == [edge.id]


async def test_who_types_their_own_number_to_give_themselves_is_told_so(database: Database) -> None:
    house, party = await board(database)
    directed(house, party, {SANNE: 1, PIETER: 1})
    wanted, me = replace(proposal(CARE), kind=EdgeKind.EMPLOYEE), house.ids[SANNE]
    for found in (await typed(house, party, SANNE), Found(party=me, nobody=me)):
        with pytest.raises(NotEntitled, match="self-approval"):
            await house.voluntary.offer(for_firm(house, party, SANNE), found, wanted, NOW)
