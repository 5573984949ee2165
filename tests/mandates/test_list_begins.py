"""P18: a list that begins with some has everybody once, on whatever pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.test_register import PIETERS
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Listed
from toegang.mandates.edge import EdgeId
from toegang.mandates.law import Law
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page, Reach, Ways
from toegang.registers.population import BirthDate
from toegang.storage import Database
from toegang.storage.graph import GraphTable

GAVE = [b.party_id(number) for number in range(300, 330, 2)]
CHILD, WARD, BOTH, GROWN = (b.party_id(number) for number in (331, 305, 310, 299))
"""Met last, in the middle, also by a mandate, and no child any more."""
OFFICE = b.party_id(303)


async def furnished(database: Database) -> tuple[Mandates, Law]:
    mandates = door(database)
    children = {CHILD: "2020-01-01", BOTH: "2020-01-01"}
    for party in {b.PIETER, *GAVE, CHILD, WARD, BOTH, GROWN}:
        born = BirthDate.parse(children.get(party, "1970-01-01"))
        await mandates.know(b.person(party, born=born), now=b.NOW)
    async with mandates.units.begin() as unit:
        for number, party in enumerate(GAVE):
            if party != BOTH:
                edge = b.edge(id=EdgeId(b.party_id(900 + number)), principal=party)
                assert await mandates.edges.add(unit, edge)
    parental = {"kind": EdgeKind.PARENTAL, "basis": "parental-sole", "overrules": False}
    links = [b.law(principal=each, **parental) for each in (CHILD, BOTH, GROWN)]
    return mandates, b.told(b.law(principal=WARD), *links, b.law(principal=b.SANNE, agent=b.NOOR))


async def pages(mandates: Mandates, law: Law, first: tuple[PartyId, ...], size: int) -> list[list[PartyId]]:
    found, page, after = [], Page(size=size), None
    for _ in range(60):
        listed = await mandates.represented(PIETERS, page, b.NOW, law, first)
        assert isinstance(listed, Listed)
        found.append([each.principal for each in listed.found])
        if listed.after is None:
            return found
        assert after is None or listed.after > after
        after, page = listed.after, page.turned(listed.after, first, law.named_to(b.PIETER))
    pytest.fail("a list without an end")


@pytest.mark.requires("MANDATES-P18")
@pytest.mark.parametrize("size", [1, 2, 3, 5, 20, 100])
async def test_whoever_comes_first_everybody_is_listed_once(database: Database, size: int) -> None:
    mandates, law = await furnished(database)
    everybody = {each for page in await pages(mandates, law, (), 100) for each in page}
    assert everybody == {*GAVE, CHILD, WARD, BOTH}
    first = law.people_of(b.PIETER)
    assert first == (GROWN, BOTH, CHILD, WARD)
    found = await pages(mandates, law, first, size)
    assert found[0][:3] == [BOTH, CHILD, WARD]
    rest = [each for page in found for each in page][3:]
    assert rest == sorted(everybody - set(first))
    assert all(len(page) <= size for page in found[1:])
    assert len(found[0]) <= max(size, len(first) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(GraphTable):
    """Edges of which it is counted how often they were asked."""

    asked: list[str]

    async def ways(self, actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach) -> Ways:
        if actors and principals:  # else it asks nothing
            self.asked.append("ways")
        return await GraphTable.ways(self, actors, principals, reach)

    async def principals(self, actor: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        self.asked.append("principals")
        return await GraphTable.principals(self, actor, reach, page)


@pytest.mark.requires("MANDATES-P10")
async def test_whoever_has_many_wards_asks_no_more_of_the_store_than_who_has_one(database: Database) -> None:
    mandates, law = await furnished(database)
    mine = [link for link in law.links if link.agent == b.PIETER]
    asker = replace(PIETERS, service=b.service(1, b.rules(depth=3)))
    counts = []
    for links in (mine[:1], mine):
        some, asked = b.told(*links), list[str]()
        counting = replace(mandates, graph=Counting(database=database, asked=asked))
        listed = await counting.represented(asker, Page(size=20), b.NOW, some, some.people_of(b.PIETER))
        assert isinstance(listed, Listed)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def without(law: Law, *gone: PartyId) -> Law:
    """Return what is told while the registers that name these are silent."""
    return replace(law, links=tuple(link for link in law.links if link.principal not in gone))


@pytest.mark.requires("MANDATES-P18")
@pytest.mark.parametrize("size", [1, 2, 3, 5, 20])
@pytest.mark.parametrize("speaks", [1, 2, 3])
async def test_whom_registers_name_only_later_is_listed_once_as_well(
    database: Database, size: int, speaks: int
) -> None:
    mandates, law = await furnished(database)
    await mandates.know(b.firm(OFFICE), now=b.NOW)
    directs = b.law(principal=OFFICE, kind=EdgeKind.STATUTORY, basis="statutory", overrules=False)
    law = replace(law, links=(*law.links, directs))
    quiet = without(law, CHILD, WARD, BOTH, GROWN, OFFICE)
    async with mandates.units.begin() as unit:  # a mandate of the ward's too, which has them on an early page
        assert await mandates.edges.add(unit, b.edge(id=EdgeId(b.party_id(990)), principal=WARD))
    found, page = [], Page(size=size)
    for number in range(60):
        told = quiet if number < speaks else law
        first = told.people_of(b.PIETER)
        listed = await mandates.represented(PIETERS, page, b.NOW, told, first)
        assert isinstance(listed, Listed)
        found += [each.principal for each in listed.found]
        if listed.after is None:
            break
        page = page.turned(listed.after, first, told.named_to(b.PIETER))
    early = number < speaks  # it was over before anything was told
    expected = {*GAVE, WARD} - {BOTH} if early else {*GAVE, WARD, CHILD, BOTH, OFFICE}
    assert sorted(found) == sorted(expected)


@pytest.mark.requires("MANDATES-P18")
async def test_who_stood_first_is_not_listed_again_when_a_register_falls_silent(database: Database) -> None:
    mandates, law = await furnished(database)
    async with mandates.units.begin() as unit:
        assert await mandates.edges.add(unit, b.edge(id=EdgeId(b.party_id(990)), principal=WARD))
    first = law.people_of(b.PIETER)
    page, found, told = Page(size=5), list[PartyId](), law
    while True:
        listed = await mandates.represented(PIETERS, page, b.NOW, told, told.people_of(b.PIETER))
        assert isinstance(listed, Listed)
        found += [each.principal for each in listed.found]
        if listed.after is None:
            break
        page = page.turned(listed.after, told.people_of(b.PIETER), told.named_to(b.PIETER))
        told = without(law, *first)
    assert sorted(found) == sorted({*GAVE, WARD, CHILD, BOTH})
