"""Teams: who works for a firm acts for the clients of their teams, and for no others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import Engines
from tests.mandates.team_worlds import (
    ANNA,
    BAS,
    BY,
    DIRECTOR,
    ONE,
    OTHER_FIRM,
    PAGE,
    SERVICE,
    STRANGER,
    TWO,
    Overtaken,
    asker,
    client,
    database_of,
    decided,
    directs,
    furnish,
    listed,
    on_team,
    staff,
    teams_of,
    why,
)
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Permit, Refused, StepUp
from toegang.mandates.edge import State, Substitution
from toegang.mandates.ended import KIND as ENDED
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.moves import Mover
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.searching import ByName, folded, turned
from toegang.mandates.statement import Binding, Statement
from toegang.mandates.stores import Page
from toegang.mandates.why import Why
from toegang.storage.client_names import ClientNameTable
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.edges import FEW


@pytest.mark.requires("MANDATES-P26")
def test_who_acts_by_team_acts_for_no_client_before_they_are_on_one(engines: Engines) -> None:
    engines.each(furnish)
    nobody = (Why.NOT_ON_THE_TEAM,)
    assert engines.each(lambda door: decided(door, ONE)) == [nobody, nobody]
    # The firm itself is no client.
    assert engines.each(listed) == [[b.FIRM]] * 2
    assert all(isinstance(each, Permit) for each in engines.each(lambda door: decided(door, b.FIRM)))


@pytest.mark.requires("MANDATES-P26", "MANDATES-P18", "MANDATES-P19")
def test_who_is_on_a_team_acts_for_its_clients_and_for_no_others(engines: Engines) -> None:
    engines.each(furnish)
    engines.each(on_team)
    engines.each(lambda door: on_team(door, person=BAS, for_=TWO))
    for actor, theirs, other in ((ANNA, ONE, TWO), (BAS, TWO, ONE)):
        permits = engines.each(lambda door, to=theirs, by=actor: decided(door, to, by))  # type: ignore[misc]
        assert all(isinstance(each, Permit) and len(each.path) == 2 for each in permits)
        refused = engines.each(lambda door, to=other, by=actor: decided(door, to, by))  # type: ignore[misc]
        assert refused == [(Why.NOT_ON_THE_TEAM,)] * 2
        assert engines.each(lambda door, by=actor: listed(door, by)) == [[b.FIRM, theirs]] * 2  # type: ignore[misc]

        async def acting(door: Mandates, of: PartyId = theirs) -> Sequence[PartyId]:
            about = replace(asker(of), authenticated=Level.SUBSTANTIAL)
            return (await door.representatives(about, PAGE, b.NOW, NOTHING_TOLD)).found

        assert engines.each(acting) == [(actor,)] * 2


def test_who_has_no_such_mandate_acts_for_every_client_whatever_teams_there_are(engines: Engines) -> None:
    async def everybody(door: Mandates) -> list[PartyId]:
        await furnish(door)
        await on_team(door, person=BAS)
        whole = staff(1, ANNA, teams_only=False)
        async with door.units.begin() as unit:
            assert await door.edges.replace(unit, replace(whole, version=2), 1)
        return await listed(door)

    assert engines.each(everybody) == [[b.FIRM, ONE, TWO]] * 2


async def of_another_firm(door: Mandates) -> None:
    """Put them on a team of another firm of both."""
    works = replace(staff(11, ANNA), principal=OTHER_FIRM, initiator=OTHER_FIRM)
    async with door.units.begin() as unit:
        for edge in (works, client(12, ONE, OTHER_FIRM, state=State.ACTIVE)):
            assert await door.edges.add(unit, edge)
    await on_team(door, replace(BY, organisation=OTHER_FIRM))
    async with door.units.begin() as unit:
        for edge in (works, client(12, ONE, OTHER_FIRM)):
            assert await door.edges.replace(unit, replace(edge, state=State.REVOKED, version=2), 1)


async def of_a_colleague(door: Mandates) -> None:
    """Put a colleague on a team."""
    await on_team(door, person=BAS)


async def through_two_firms(door: Mandates) -> None:
    """Give them a client that is a firm with a client of its own."""
    between = b.terms(substitution=Substitution.ONE_LEVEL)
    firm = client(13, OTHER_FIRM, kind=EdgeKind.INTERMEDIARY, terms=between)
    far = client(14, STRANGER, OTHER_FIRM, terms=between)
    async with door.units.begin() as unit:
        for edge in (firm, far):
            assert await door.edges.add(unit, edge)
    await on_team(door, for_=OTHER_FIRM)


@pytest.mark.requires("MANDATES-P26", "MANDATES-P10")
@pytest.mark.parametrize(
    ("world", "principal"), [(of_another_firm, ONE), (of_a_colleague, ONE), (through_two_firms, STRANGER)]
)
def test_no_other_team_helps(
    engines: Engines, world: Callable[[Mandates], Awaitable[None]], principal: PartyId
) -> None:
    engines.each(furnish)
    engines.each(world)
    assert engines.each(lambda door: decided(door, principal)) == [(Why.NOT_ON_THE_TEAM,)] * 2
    assert all(principal not in each for each in engines.each(listed))


@pytest.mark.requires("MANDATES-P1")
def test_no_level_is_gained_by_who_made_the_team(engines: Engines) -> None:
    engines.each(furnish)
    low = replace(BY, level=Level.LOW)
    engines.each(lambda door: on_team(door, low))
    high = replace(asker(), requested=Level.SUBSTANTIAL)

    async def at(door: Mandates, who: Asker) -> object:
        found = await door.decide(who, ONE, b.NOW, NOTHING_TOLD)
        return found.level if isinstance(found, Permit) else found

    assert engines.each(lambda door: at(door, asker())) == [Level.LOW] * 2
    assert engines.each(lambda door: at(door, high)) == [Refused(whys=(Why.LEVEL_TOO_LOW,))] * 2


@pytest.mark.requires("MANDATES-P4")
@pytest.mark.parametrize("leaves", [ANNA, ONE])
def test_who_is_taken_off_a_team_ends_what_rests_on_it(engines: Engines, leaves: PartyId) -> None:
    def bound(login: str) -> Binding:
        return Binding(transaction=login, audience="portal", nonce="n", session="s")

    async def stated(door: Mandates, login: str) -> Statement:
        return await door.state(asker(), ONE, bound(login), b.NOW, NOTHING_TOLD)

    async def left(door: Mandates) -> list[object]:
        await furnish(door)
        team = await on_team(door)
        await stated(door, "used")
        used = await door.redeem(bound("used"), SERVICE, b.NOW)
        await door.stating.check_holds(used, SERVICE, b.NOW)
        await stated(door, "waiting")
        prepared = await door.stating.prepare(asker(), ONE, bound("late"), b.NOW, NOTHING_TOLD)
        done = [await teams_of(door).remove(BY, team, leaves, b.NOW) for _ in range(2)]
        async with door.units.begin() as unit:
            held = await door.stating.hold(unit, prepared)
        with pytest.raises(OneTimeGone):
            await door.redeem(bound("waiting"), SERVICE, b.NOW)
        with pytest.raises(OneTimeGone):
            await door.stating.check_holds(used, SERVICE, b.NOW)
        told = await database_of(door).all("SELECT 1 FROM outbox WHERE kind = :kind", {"kind": ENDED})
        return [done, held, await decided(door, ONE), len(told)]

    assert engines.each(left) == [[[1, 0], False, (Why.NOT_ON_THE_TEAM,), 1]] * 2


def test_a_team_is_for_clients_and_of_people_who_work_there(engines: Engines) -> None:
    async def refused(door: Mandates) -> list[str]:
        await furnish(door)
        teams = teams_of(door)
        team = await on_team(door)
        async with door.units.begin() as unit:
            ended = replace(client(4, TWO), state=State.REVOKED, version=2)
            assert await door.edges.replace(unit, ended, 1)
        other = replace(BY, organisation=OTHER_FIRM)
        return [
            await why(teams.add_client(BY, team, STRANGER, b.NOW)),
            await why(teams.add_client(BY, team, TWO, b.NOW)),
            await why(teams.add_client(BY, team, ANNA, b.NOW)),
            await why(teams.add_client(BY, team, ONE, b.NOW)),
            await why(teams.add_person(BY, team, STRANGER, b.NOW)),
            await why(teams.add_person(BY, team, ONE, b.NOW)),
            await why(teams.add_person(BY, team, ANNA, b.NOW)),
            await why(teams.find(other, team.id)),
            await why(teams.add_client(other, team, ONE, b.NOW)),
            await why(teams.remove(other, team, ONE, b.NOW)),
            await why(teams.close(other, team, b.NOW)),
            await why(teams.close(BY, team, b.NOW)),
            await why(teams.make(BY, "  ", b.NOW)),
        ]

    nobody, twice, theirs = "no-authority", "pending-already", "not-yours"
    expected = [nobody, nobody, nobody, twice, nobody, nobody, twice, *[theirs] * 2]
    # What is no client of the other firm is told first.
    expected = [*expected[:8], nobody, theirs, theirs, "not-now", "not-now"]
    assert engines.each(refused) == [expected] * 2


def test_a_team_is_read_by_pages_and_closed_when_it_is_empty(engines: Engines) -> None:
    async def read(door: Mandates) -> list[object]:
        await furnish(door)
        teams, team = teams_of(door), await on_team(door)
        await teams.add_client(BY, team, TWO, b.NOW)
        first = await teams.clients(team, Page(size=1), b.NOW)
        pages = [first, await teams.clients(team, Page(size=1, after=first[-1]), b.NOW)]
        people = await teams.people(team, PAGE, b.NOW)
        more = [await teams.make(BY, f" Team  {number} ", b.NOW) for number in range(2)]
        found = await teams.of(BY, Page(size=2, after=team.id))
        for each in (ANNA, ONE, TWO):
            await teams.remove(BY, team, each, b.NOW)
        await teams.close(BY, team, b.NOW)
        gone = await why(teams.close(BY, team, b.NOW))
        return [pages, people, found == tuple(more), [each.name for each in found], gone]

    pages = [(ONE,), (TWO,)]
    assert engines.each(read) == [[pages, (ANNA,), True, ["Team 0", "Team 1"], "not-yours"]] * 2


def test_nobody_is_put_on_a_team_that_is_closed_meanwhile(engines: Engines) -> None:
    async def added(door: Mandates) -> list[object]:
        await furnish(door)
        teams = teams_of(door)
        team = await teams.make(BY, "Zorg", b.NOW)
        late = replace(teams, kept=Overtaken(database_of(door)))
        return [
            await why(late.add_person(BY, team, ANNA, b.NOW)),
            await teams.people(team, PAGE, b.NOW),
        ]

    assert engines.each(added) == [["changed", ()]] * 2


def test_a_team_is_not_closed_while_it_has_people_or_clients(engines: Engines) -> None:
    async def closed(door: Mandates) -> list[object]:
        await furnish(door)
        teams, team = teams_of(door), await on_team(door)
        found: list[object] = []
        for gone in (ANNA, ONE):
            found.append(await why(teams.close(BY, team, b.NOW)))
            await teams.remove(BY, team, gone, b.NOW)
        await teams.close(BY, team, b.NOW)
        return [*found, await why(teams.find(BY, team.id))]

    assert engines.each(closed) == [["not-now", "not-now", "not-yours"]] * 2


def test_what_is_said_of_a_team_is_no_mandate_on_anybodys_list(engines: Engines) -> None:
    async def lists(door: Mandates) -> list[object]:
        await furnish(door)
        team, kept = await on_team(door), EdgeLists(database_of(door))
        await teams_of(door).remove(BY, team, ONE, b.NOW)
        return [
            [each.id for each in await kept.page(party, listing, Cut(), b.NOW)]
            for party, listing in (
                (ANNA, Listing.RECEIVED),
                (ONE, Listing.GIVEN),
                (ONE, Listing.ENDED),
                (team.id, Listing.WORKERS),
            )
        ]

    assert engines.each(lists) == [[[staff(1, ANNA).id], [client(3, ONE).id], [], []]] * 2


def test_whoever_is_limited_is_so_whatever_was_between_them_since(engines: Engines) -> None:
    async def limited(door: Mandates) -> list[object]:
        await furnish(door)
        whole = staff(22, ANNA, teams_only=False)
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, whole)
            for number in range(1000, 1000 + 2 * FEW):
                ended = replace(staff(number, ANNA), state=State.WITHDRAWN, since=b.NOW)
                assert await door.edges.add(unit, ended)
        teams = teams_of(door)
        free = await teams.for_all(BY, [ANNA], b.NOW)
        counted, said = await teams.limit(BY, ANNA, b.NOW), await decided(door, ONE)
        await on_team(door)
        return [free, counted, said]

    assert engines.each(limited) == [[frozenset({ANNA}), 1, (Why.NOT_ON_THE_TEAM,)]] * 2


@pytest.mark.requires("MANDATES-P2", "MANDATES-P16")
def test_a_mandate_is_made_one_for_teams_and_never_back(engines: Engines) -> None:
    async def moves(door: Mandates) -> list[object]:
        await furnish(door)
        whole = staff(22, DIRECTOR, teams_only=False, grants=True)
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, whole)

        async def moved(act: Act, seen: int, by: Mover, **terms: Any) -> object:  # noqa: ANN401
            known = await door.edges.find(whole.id)
            assert known is not None
            move = replace(b.move(act, b.FIRM), by=by, terms=replace(known.terms, **terms))
            try:
                return (await door.move(whole.id, seen, move, (SERVICE,), b.NOW, directs())).terms.teams_only
            except NotEntitled as refused:
                return refused.why

        firm = Mover.self(b.FIRM, Level.HIGH)
        return [
            await listed(door, DIRECTOR),
            await moved(Act.RESTRICT, 1, firm, teams_only=True),
            await listed(door, DIRECTOR),
            await moved(Act.RESTRICT, 2, firm, teams_only=False),
            await moved(Act.EXTEND, 2, firm, teams_only=False, until=b.NOW + 60 * b.DAY),
        ]

    expected = [[b.FIRM, ONE, TWO], True, [b.FIRM], "wider", "wider"]
    assert engines.each(moves) == [expected] * 2


@pytest.mark.requires("MANDATES-P3")
def test_who_manages_teams_lets_somebody_act_by_them_only(engines: Engines) -> None:
    async def limited(door: Mandates) -> list[object]:
        await furnish(door)
        whole = staff(23, STRANGER, teams_only=False)
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, whole)
        teams, people = teams_of(door), (ANNA, STRANGER)
        before = await teams.for_all(BY, people, b.NOW)
        # Who may not any more, though they once could.
        ended = await why(teams_of(door, b.told()).limit(BY, STRANGER, b.NOW))
        done = [await teams.limit(BY, STRANGER, b.NOW) for _ in range(2)]
        return [before, ended, done, await teams.for_all(BY, people, b.NOW), await listed(door, STRANGER)]

    expected = [frozenset({STRANGER}), "not-yours", [1, 0], frozenset(), [b.FIRM]]
    assert engines.each(limited) == [expected] * 2


def test_the_clients_of_a_team_are_found_by_name_by_who_is_on_it(engines: Engines) -> None:
    async def found(door: Mandates) -> list[list[PartyId]]:
        await furnish(door)
        team = await on_team(door)
        names = ClientNameTable(database_of(door))
        async with door.units.begin() as unit:
            for agent in (b.FIRM, team.id):
                await names.put(unit, agent, ONE, turned(folded("Jan Een")))
            await names.put(unit, b.FIRM, TWO, turned(folded("Jan Twee")))
        looking = ByName(questions=door.stating.questions, clients=names)
        answers = []
        for actor in (ANNA, BAS):
            answer = await looking.named(asker(actor), "jan", PAGE, b.NOW, NOTHING_TOLD)
            assert not isinstance(answer, StepUp)
            answers.append([each.principal for each in answer.found])
        return answers

    assert engines.each(found) == [[[ONE], []]] * 2
