"""L19: an administrator or a mentor sees and ends, in another's name, only what is in their hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.hostile.test_l19_in_another_name import for_, standing_in
from tests.mandates import builders as b
from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, People, people, proposal
from toegang.catalogue.representation import Power, Representation
from toegang.errors import NotEntitled
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.matters import over
from toegang.mandates.scope import EVERYTHING

if TYPE_CHECKING:
    from toegang.catalogue.values import Service
    from toegang.mandates.acting import Actor
    from toegang.mandates.edge import Edge
    from toegang.storage import Database

PROPERTY, PERSONAL_CARE = frozenset({Power.PROPERTY}), frozenset({Power.PERSONAL_CARE})


def about(service: Service, powers: frozenset[Power]) -> Service:
    rules = service.representation
    assert isinstance(rules, Representation)
    return replace(service, representation=replace(rules, powers=tuple(powers)))


class World:
    """Sanne gave Noor three mandates: for money, for care, for everything; Pieter acts for her by a court."""

    def __init__(self, house: People) -> None:
        self.house = house
        self.sanne, self.pieter, self.noor = (house.ids[each] for each in (SANNE, PIETER, NOOR))

    async def begin(self) -> None:
        money, care = about(RETURNS, PROPERTY), about(CARE, PERSONAL_CARE)
        self.house.offered.services[:] = [money, care]
        wide = replace(proposal(money), scopes=(EVERYTHING,))
        self.money, self.care, self.wide = [
            await self.given(each) for each in (proposal(money), proposal(care), wide)
        ]

    async def given(self, wanted: object) -> Edge:
        do, other = self.house.voluntary, Found(party=self.noor, nobody=self.noor)
        edge = await do.offer(self.house.actor(SANNE), other, wanted, NOW)  # type: ignore[arg-type]
        return await do.agree(self.house.actor(NOOR), edge.id, edge.version, NOW)

    def ordered(self, *powers: frozenset[Power]) -> None:
        """Have the court put these in Pieter's hands."""
        basis = {PROPERTY: "bewind", PERSONAL_CARE: "mentorship"}
        links = [
            b.law(principal=self.sanne, agent=self.pieter, powers=each, overrules=False, basis=basis[each])
            for each in powers
        ]
        self.house.courts.told[self.sanne] = replace(NOTHING_TOLD, links=tuple(links))

    async def actor(self) -> Actor:
        """Return Pieter in Sanne's name, as a page makes him."""
        held = await standing_in(self.house).check(self.pieter, self.sanne, NOW)
        return replace(for_(self.sanne, self.pieter), over=held.over)

    async def listed(self, actor: Actor, size: int = 20) -> list[Edge]:
        return list((await self.house.voluntary.page(actor, Listing.GIVEN, Cut(size=size), NOW)).edges)


async def begun(database: Database) -> World:
    world = World(await people(database))
    await world.begin()
    return world


@pytest.mark.parametrize(
    ("powers", "theirs", "not_theirs"),
    [(PROPERTY, "money", "care"), (PERSONAL_CARE, "care", "money")],
    ids=["administrator", "mentor"],
)
async def test_who_has_some_matters_in_hand_sees_and_ends_nothing_of_others(
    database: Database, powers: frozenset[Power], theirs: str, not_theirs: str
) -> None:
    world = await begun(database)
    world.ordered(powers)
    actor, do = await world.actor(), world.house.voluntary
    mine, others = getattr(world, theirs), getattr(world, not_theirs)
    with pytest.raises(NotEntitled) as refused:
        await do.own(actor, others.id, NOW)
    assert refused.value.why == "not-yours"
    for who in (actor, replace(actor, over=None)):  # also where no page said so
        for edge in (others, world.wide):
            with pytest.raises(NotEntitled):
                await do.end(who, edge.id, edge.version, NOW)
    assert {each.id for each in await world.listed(actor)} == {mine.id, world.wide.id}
    assert (await Everything(voluntary=do).begin(actor, world.noor, NOW)).done == 1
    left = {each.id for each in await world.listed(world.house.actor(SANNE))}
    assert left == {others.id, world.wide.id}


@pytest.mark.parametrize(("powers", "theirs"), [(PROPERTY, "money"), (PERSONAL_CARE, "care")])
async def test_what_is_not_theirs_keeps_nobody_from_ending_all_that_is(
    database: Database, monkeypatch: pytest.MonkeyPatch, powers: frozenset[Power], theirs: str
) -> None:
    monkeypatch.setattr("toegang.mandates.everything.AT_A_TIME", 1)
    world = await begun(database)
    world.ordered(powers)
    actor, mine = await world.actor(), getattr(world, theirs)
    assert (await Everything(voluntary=world.house.voluntary).begin(actor, world.noor, NOW)).done == 1
    left = {each.id for each in await world.listed(world.house.actor(SANNE))}
    assert left == {world.money.id, world.care.id, world.wide.id} - {mine.id}


async def test_who_has_all_matters_in_hand_sees_and_ends_all(database: Database) -> None:
    world = await begun(database)
    world.ordered(PROPERTY, PERSONAL_CARE)
    actor = await world.actor()
    assert actor.over is None
    assert len(await world.listed(actor)) == 3
    assert (await Everything(voluntary=world.house.voluntary).begin(actor, world.noor, NOW)).done == 3


@pytest.mark.parametrize("when", [{"until": NOW}, {"certain": False}], ids=["over", "in doubt"])
async def test_an_order_that_does_not_hold_adds_nothing_to_another(
    database: Database, when: dict[str, object]
) -> None:
    world = await begun(database)
    world.ordered(PROPERTY, PERSONAL_CARE)
    actor, told = await world.actor(), world.house.courts.told
    money, care = told[world.sanne].links
    told[world.sanne] = replace(NOTHING_TOLD, links=(money, replace(care, **when)))  # type: ignore[arg-type]
    assert (await Everything(voluntary=world.house.voluntary).begin(actor, world.noor, NOW)).done == 1
    left = {each.id for each in await world.listed(world.house.actor(SANNE))}
    assert left == {world.care.id, world.wide.id}


async def test_a_page_is_full_though_others_of_the_list_are_not_theirs(database: Database) -> None:
    world = await begun(database)
    world.ordered(PERSONAL_CARE)
    actor = await world.actor()
    assert len(await world.listed(actor, size=1)) == 1
    assert len(await world.listed(actor, size=2)) == 2


async def test_whom_nobody_appointed_sees_nothing(database: Database) -> None:
    world = await begun(database)
    with pytest.raises(NotEntitled):
        await world.actor()
    with pytest.raises(NotEntitled):
        await world.house.voluntary.end(for_(world.sanne, world.pieter), world.money.id, 2, NOW)
    assert over([]) == frozenset()


async def test_a_list_goes_on_however_much_that_is_not_theirs_stands_before_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toegang.mandates.matters.MOST_LOOKS", 2)
    world = await begun(database)
    world.ordered(PROPERTY)
    actor, care = await world.actor(), proposal(world.house.offered.services[1])
    for days in range(1, 8):  # they end before what is theirs
        await world.given(replace(care, until=care.until - timedelta(days=days)))
    first = await world.house.voluntary.page(actor, Listing.GIVEN, Cut(size=2), NOW)
    assert (first.edges, first.last is None) == ((), False)
    found, leaf = list(first.edges), first
    while leaf.last is not None:
        leaf = await world.house.voluntary.page(actor, Listing.GIVEN, Cut(last=leaf.last, size=2), NOW)
        found += leaf.edges
    assert {each.id for each in found} == {world.money.id, world.wide.id}
