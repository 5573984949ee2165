"""Clients: those of an organisation and of nobody else, found, and told from those who are on a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates import team_worlds as w
from tests.mandates.engines import Engines, door
from tests.mandates.known import numbers
from tests.mandates.team_worlds import ANNA, BAS, BY, ONE, OTHER_FIRM, STRANGER, TWO, client, database_of
from toegang import storage
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, TooManyTries
from toegang.identity.numbers import KvkNumber
from toegang.mandates.bounds import LOOKING, NUMBERS, SUGGESTING, Bounds, Counted
from toegang.mandates.clients import SUGGESTED, Clients, Unassigned
from toegang.mandates.edge import State
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.searching import folded, turned
from toegang.mandates.stores import Page
from toegang.mandates.teams import Steward
from toegang.storage import Database, ExpiringStore
from toegang.storage.client_names import ClientNameTable
from toegang.storage.database import inside
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.teams import TeamTable

FIRM_CLIENT = b.party_id(204)


def clients_of(mandates: Mandates) -> Clients:
    database = database_of(mandates)
    return Clients(
        mandates=mandates,
        lists=EdgeLists(database),
        names=ClientNameTable(database),
        numbers=numbers(database),
        teams=TeamTable(database),
        bounds=Bounds(store=ExpiringStore(database, "mandate-counted", Counted)),
    )


async def furnish(mandates: Mandates) -> None:
    """Let a firm have three clients: one is a firm, one gave two mandates; another firm has one."""
    await w.furnish(mandates)
    others = (
        client(10, FIRM_CLIENT, kind=EdgeKind.INTERMEDIARY, terms=b.terms(until=b.NOW + 3 * b.DAY)),
        client(11, ONE, terms=b.terms(until=b.NOW + b.DAY)),
        client(12, STRANGER, agent=OTHER_FIRM),
        client(13, STRANGER, state=State.REVOKED),
        client(14, STRANGER, terms=b.terms(from_=b.NOW + b.DAY, until=b.NOW + 2 * b.DAY)),
    )
    names = ClientNameTable(database_of(mandates))
    async with mandates.units.begin() as unit:
        await mandates.parties.put(unit, b.firm(FIRM_CLIENT))
        for edge in others:
            assert await mandates.edges.add(unit, edge)
        for agent, party, name in (
            (b.FIRM, ONE, "Jan Een"),
            (b.FIRM, TWO, "Janna Twee"),
            (b.FIRM, STRANGER, "Jan van Vroeger"),
            (OTHER_FIRM, STRANGER, "Jan Elders"),
        ):
            await names.put(unit, agent, party, turned(folded(name)))


async def unassigned(mandates: Mandates, size: int = 20) -> list[PartyId]:
    """Walk through all pages."""
    found, page = list[PartyId](), Unassigned(clients=())
    for _ in range(10):
        page = await clients_of(mandates).unassigned(BY, page.last, size, b.NOW)
        found += page.clients
        if page.last is None:
            break
    return found


@pytest.mark.requires("MANDATES-P26")
def test_clients_of_no_team_are_those_who_let_the_firm_act_now_each_once(engines: Engines) -> None:
    engines.each(furnish)
    for size in (1, 2, 20):
        found = engines.each(lambda door, size=size: unassigned(door, size))  # type: ignore[misc]
        assert found == [[ONE, FIRM_CLIENT, TWO]] * 2, size
    engines.each(lambda door: w.on_team(door, for_=ONE))
    assert engines.each(unassigned) == [[FIRM_CLIENT, TWO]] * 2

    async def of_another_firm(door: Mandates) -> None:
        by = Steward(party=w.DIRECTOR, organisation=OTHER_FIRM, level=Level.HIGH)
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, client(20, TWO, agent=OTHER_FIRM))
        team = await w.teams_of(door).make(by, "Elders", b.NOW)
        await w.teams_of(door).add_client(by, team, TWO, b.NOW)

    engines.each(of_another_firm)
    assert engines.each(unassigned) == [[FIRM_CLIENT, TWO]] * 2, "a team of another firm assigns nobody"


def test_who_works_for_a_firm_stands_there_once_with_its_teams(engines: Engines) -> None:
    engines.each(furnish)
    engines.each(w.on_team)

    async def colleagues(door: Mandates) -> Sequence[tuple[PartyId, list[str]]]:
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, w.staff(30, ANNA, until=b.NOW + b.DAY))
            assert await door.edges.add(unit, w.staff(31, w.STRANGER, until=b.NOW))
        some = await clients_of(door).colleagues(BY, None, 2, b.NOW)
        rest = await clients_of(door).colleagues(BY, some.last, 2, b.NOW)
        assert rest.last is None
        return [(each.person, [team.name for team in each.teams]) for each in (*some.found, *rest.found)]

    assert engines.each(colleagues) == [[(ANNA, ["Zorg"]), (BAS, [])]] * 2


@pytest.mark.requires("MANDATES-P18")
def test_a_firm_finds_its_clients_of_now_by_name_and_nobody_elses(engines: Engines) -> None:
    engines.each(furnish)

    async def named(door: Mandates) -> list[PartyId]:
        found = await clients_of(door).named(b.FIRM, ANNA, "JAN", Page(), b.NOW)
        assert found.after is None
        assert [len(each) for each in found.gave.values()] == [2, 1, 1]
        assert await clients_of(door).suggested(b.FIRM, ANNA, "jan", b.NOW) == tuple(found.gave)
        assert await clients_of(door).suggested(OTHER_FIRM, ANNA, "een", b.NOW) == ()
        return list(found.gave)

    # Who comes later is on the list, so is found.
    assert engines.each(named) == [[ONE, STRANGER, TWO]] * 2


def test_whoever_looks_too_often_waits(engines: Engines) -> None:
    engines.each(furnish)

    async def flood(door: Mandates) -> None:
        clients = clients_of(door)
        for _ in range(SUGGESTING.most):
            assert await clients.suggested(b.FIRM, ANNA, "j", b.NOW) == ()  # asks nobody, and does not count
        for _ in range(SUGGESTING.most):
            await clients.suggested(b.FIRM, ANNA, "zz", b.NOW)
        with pytest.raises(TooManyTries):
            await clients.suggested(b.FIRM, ANNA, "jan", b.NOW)
        for _ in range(LOOKING.most):
            await clients.named(b.FIRM, ANNA, "zz", SUGGESTED, b.NOW)
        with pytest.raises(TooManyTries):
            await clients.named(b.FIRM, ANNA, "jan", SUGGESTED, b.NOW)
        for _ in range(NUMBERS.most):
            with pytest.raises(NotEntitled):
                await clients.numbered(b.FIRM, ANNA, KvkNumber.parse("90000404"), b.NOW)
        with pytest.raises(TooManyTries):
            await clients.numbered(b.FIRM, ANNA, KvkNumber.parse("90000404"), b.NOW)

    engines.each(flood)


async def test_what_ends_before_a_day_is_the_beginning_of_the_list(database: Database) -> None:
    await furnish(door(database))
    lists = EdgeLists(database)

    async def ending(before: timedelta) -> list[int]:
        cut = Cut(before=b.NOW + before)
        return [each.id.int for each in await lists.page(b.FIRM, Listing.RECEIVED, cut, b.NOW)]

    assert await ending(b.DAY) == []
    assert await ending(2 * b.DAY) == [11]
    assert await ending(4 * b.DAY) == [11, 14, 10]


async def test_clients_of_before_are_listed_once_the_database_is_brought_up_again(database: Database) -> None:
    mandates, lists = door(database), EdgeLists(database)
    await furnish(mandates)
    await w.on_team(mandates, for_=TWO)
    listed = [each.id for each in await lists.page(b.FIRM, Listing.RECEIVED, Cut(), b.NOW)]
    async with database.begin() as unit:
        firm = {"firm": b.FIRM.bytes, "edge": client(10, ONE).id.bytes}
        await inside(unit).put("DELETE FROM mandate_sides WHERE party = :firm AND edge = :edge", firm)
    assert len(await lists.page(b.FIRM, Listing.RECEIVED, Cut(), b.NOW)) == len(listed) - 1
    for _ in range(2):
        await storage.migrate(database)
    assert [each.id for each in await lists.page(b.FIRM, Listing.RECEIVED, Cut(), b.NOW)] == listed
    rows = await database.all("SELECT DISTINCT party FROM mandate_sides", {})
    [team] = await TeamTable(database).of(b.FIRM, w.PAGE)
    assert team.id.bytes not in {party for (party,) in rows}
