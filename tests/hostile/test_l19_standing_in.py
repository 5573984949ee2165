"""L19: for whom somebody stands in by a mandate: nobody who let them do less, is gone, or may be gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.hostile.test_l19_in_another_name import firm, standing_in
from tests.mandates import builders as b
from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, NOOR, PIETER, SANNE, people
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.edge import Under
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.legal.authority import Basis
from toegang.mandates.party import Standing
from toegang.mandates.scope import EVERYTHING, Restriction, Scope
from toegang.registers.population import BirthDate
from toegang.storage import Database


@pytest.mark.parametrize(
    "lacks",
    [
        {"grants": False},
        {"teams_only": True},
        {"scopes": (Scope.of_service(CARE.id),)},
        {"restriction": Restriction(most=100)},
        {"from_": NOW + b.DAY},
    ],
    ids=lambda lacks: next(iter(lacks)),
)
async def test_for_whom_one_may_not_do_everything_stands_on_no_list(
    database: Database,
    lacks: dict[str, Any],
) -> None:
    house = await people(database)
    kompas, noor = await firm(house), house.ids[NOOR]
    whole = b.terms(scopes=(EVERYTHING,), grants=True)
    less = b.edge(principal=kompas, agent=noor, kind=EdgeKind.EMPLOYEE, terms=replace(whole, **lacks))
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, less)
    assert await standing_in(house).all(noor, NOW) == []
    with pytest.raises(NotEntitled):
        await standing_in(house).check(noor, kompas, NOW)


async def test_neither_who_is_gone_nor_who_may_not_act_is_on_a_list(database: Database) -> None:
    house = await people(database)
    kompas, noor = await firm(house), house.ids[NOOR]
    terms = b.terms(scopes=(EVERYTHING,), grants=True)
    whole = b.edge(principal=kompas, agent=noor, kind=EdgeKind.EMPLOYEE, terms=terms)
    listed, parties = standing_in(house), house.voluntary.mandates.parties
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, whole)
    assert [each.principal for each in await listed.all(noor, NOW)] == [kompas]
    gone, born = Standing.DISSOLVED, BirthDate.parse("2015-01-01")
    for told, back in (
        (b.firm(kompas, standing=gone), b.firm(kompas)),
        (b.person(noor, born=born), b.person(noor)),
        (b.person(noor, standing=Standing.UNDER_GUARDIANSHIP), b.person(noor)),
    ):
        async with house.database.begin() as unit:
            await parties.put(unit, told)
        assert await listed.all(noor, NOW) == [], told
        async with house.database.begin() as unit:
            await parties.put(unit, back)


async def test_who_was_let_by_a_parent_stands_on_no_list_and_finds_the_child_by_number(
    database: Database,
) -> None:
    house = await people(database)
    child, parent, noor = (house.ids[each] for each in (PIETER, SANNE, NOOR))
    terms = b.terms(scopes=(EVERYTHING,), grants=True)
    rests = Under(by=parent, kind=EdgeKind.PARENTAL)
    given = b.edge(principal=child, agent=noor, terms=terms, under=rests)
    sole = b.law(principal=child, agent=parent, kind=EdgeKind.PARENTAL, basis=Basis.PARENTAL_SOLE.value)
    house.courts.told[child] = replace(NOTHING_TOLD, links=(sole,))
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, given)
    assert await standing_in(house).all(noor, NOW) == []
    assert (await standing_in(house).by_number(noor, PIETER, NOW)).principal == child
