"""L19: what registers told a moment ago is believed for a while, and no longer than nothing else happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx2
import pytest

from tests.hostile.test_l19_lost_since import REMEMBERED, admits, logged_in, refreshed, used
from tests.journeys import acting as a
from tests.journeys.house import House
from toegang.app.mandates import lives_of_parties
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.mandates.edge import Edge, Substitution
from toegang.mandates.ended import LIVES
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.lives import LivesOfParties
from toegang.mandates.party import PartyId


@dataclass(frozen=True, slots=True)
class Slow(a.Told):
    """Registers during whose answer something happens."""

    meanwhile: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Answer, once that has happened."""
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await a.Told.between(self, actor, principal, service, now)


def again(house: House, law: Law) -> Slow:
    """Have these registers asked whenever tokens are refreshed; return them, to see how often."""
    asking = house.app.rooms.logins.choosing.authorities
    registers = Slow(law)
    object.__setattr__(asking, "rechecking", replace(asking.rechecking, gathering=registers))
    return registers


async def for_child(house: House) -> tuple[httpx2.AsyncClient, dict[str, str], Slow]:
    """Log in as a parent for a child."""
    await a.furnish(house)
    law = a.parent_of(a.CHILD)
    a.told(house, law)
    browser, tokens = await logged_in(house)
    return browser, tokens, again(house, law)


async def through_firm(house: House) -> tuple[httpx2.AsyncClient, dict[str, str], Slow, Edge]:
    """Log in for somebody for whom a firm acts by law, as its employee by a mandate and its director too."""
    await a.furnish(house, a.rules(depth=2))
    await a.numbered(house, a.FIRM, "90001234")
    employed = await a.given(house, a.FIRM)
    [parent] = a.parent_of(a.OTHER).links
    court = {"kind": EdgeKind.COURT, "basis": "mentorship", "agent": a.FIRM}
    [directs] = a.parent_of(a.FIRM).links
    far = replace(parent, **court, substitution=Substitution.EMPLOYEES)  # type: ignore[arg-type]
    law = replace(NOTHING_TOLD, links=(far,))
    a.told(house, law)
    browser = a.english(house)
    browser, tokens = await logged_in(house)
    near = replace(directs, kind=EdgeKind.STATUTORY, basis="director-sole")
    return browser, tokens, again(house, replace(law, links=(far, near))), employed


def lives(house: House) -> LivesOfParties:
    return lives_of_parties(house.app.ground)


async def happened(house: House, party: PartyId) -> None:
    """Have the register of people tell something of somebody."""
    async with a.mandates(house).units.begin() as unit:
        await lives(house).heard(unit, party, house.clock.now())  # type: ignore[arg-type]


@pytest.mark.requires("MANDATES-P6")
async def test_a_client_that_refreshes_without_end_has_registers_asked_once_in_a_while(
    lone_house: House,
) -> None:
    browser, tokens, registers = await for_child(lone_house)
    for _ in range(5):
        assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 1
    lone_house.clock.advance(REMEMBERED)
    for _ in range(5):
        assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 2


async def test_where_nothing_is_remembered_registers_are_asked_each_time(lone_house: House) -> None:
    browser, tokens, registers = await for_child(lone_house)
    asking = lone_house.app.rooms.logins.choosing.authorities
    object.__setattr__(asking, "rechecking", replace(asking.rechecking, remembered=timedelta()))
    for _ in range(3):
        assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 3


@pytest.mark.requires("MANDATES-P6")
@pytest.mark.parametrize("whom", [a.CHILD, a.ACTOR], ids=["represented", "who acts"])
async def test_whatever_a_register_tells_of_one_of_them_has_registers_asked_again(
    lone_house: House, whom: PartyId
) -> None:
    browser, tokens, registers = await for_child(lone_house)
    assert (await refreshed(browser, tokens))[0] == 200
    await happened(lone_house, a.MOTHER)
    assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 1, "it was about somebody else"
    await happened(lone_house, whom)
    again(lone_house, NOTHING_TOLD)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"
    assert await used(browser, tokens) == (401, False)


async def test_what_is_told_while_registers_answer_is_not_forgotten_for_what_they_said_before(
    lone_house: House,
) -> None:
    browser, tokens, registers = await for_child(lone_house)
    registers.meanwhile.append(lambda: happened(lone_house, a.CHILD))
    assert (await refreshed(browser, tokens))[0] == 200
    assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 2


async def test_a_service_that_admits_something_else_is_not_answered_by_what_was_weighed_before(
    lone_house: House,
) -> None:
    browser, tokens, registers = await for_child(lone_house)
    assert (await refreshed(browser, tokens))[0] == 200
    await admits(lone_house, a.rules(use=Level.BASIC))
    assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 2


async def test_an_end_that_registers_tell_is_the_end_of_what_is_remembered(lone_house: House) -> None:
    browser, tokens, registers = await for_child(lone_house)
    [link] = registers.law.links
    ends = lone_house.clock.now() + timedelta(minutes=1)
    again(lone_house, replace(registers.law, links=(replace(link, until=ends),)))
    assert (await refreshed(browser, tokens))[0] == 200
    lone_house.clock.advance(timedelta(minutes=1))
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"


@pytest.mark.requires("MANDATES-P4")
async def test_a_mandate_that_is_taken_back_stops_at_once_whatever_is_remembered_of_the_law(
    lone_house: House,
) -> None:
    browser, tokens, registers, employed = await through_firm(lone_house)
    assert (await refreshed(browser, tokens))[0] == 200
    assert (await refreshed(browser, tokens))[0] == 200
    assert len(registers.asked) == 1
    await a.withdrawn(lone_house, employed)
    assert await used(browser, tokens) == (401, False)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"


@pytest.mark.requires("MANDATES-P4")
async def test_a_mandate_that_is_taken_back_while_registers_answer_is_not_stepped_over(
    lone_house: House,
) -> None:
    """They are a director of the firm too by now: that is another path than the one that was stated."""
    browser, tokens, registers, employed = await through_firm(lone_house)
    registers.meanwhile.append(lambda: a.withdrawn(lone_house, employed))
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"
    assert len(registers.asked) == 1


async def test_what_was_stated_longer_ago_than_any_token_lives_is_asked_each_time(lone_house: House) -> None:
    await for_child(lone_house)
    registers = again(lone_house, a.parent_of(a.CHILD))
    room, choosing = a.mandates(lone_house), lone_house.app.rooms.logins.choosing
    now = lone_house.clock.now()
    [made] = await room.statements.about(a.CHILD, None, now, None, 9)
    later = now + LIVES
    await asyncio.gather(*(choosing.authorities.check_anew(made, now) for _ in range(3)))
    asked = len(registers.asked)
    for more in (1, 2, 3):
        await choosing.authorities.check_anew(made, later)
        assert len(registers.asked) == asked + more
