"""Who was told by a login that somebody acts for another is told when that ends by itself."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.hostile.systems import (
    FIRM,
    OTHER,
    PIETER,
    SANNE,
    SYSTEM,
    World,
    logs_in,
    open_world,
    system,
)
from tests.hostile.test_l19_statements import Told, office, stated_by_law
from tests.journeys.leaving import Sites, sites
from tests.journeys.party import claims
from tests.journeys.test_mandate_notices import heard, stated, takes, told_at
from tests.mandates import builders
from toegang.app.mandates import lives_of_parties
from toegang.catalogue.values import ClientId
from toegang.errors import OneTimeGone
from toegang.mandates import ended, noticing
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.looks import AGAIN, SELDOM
from toegang.mandates.party import PartyId, Standing
from toegang.provider.authzen import notices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.journeys.house import House
    from toegang.identity.people import PersonId
    from toegang.mandates.lives import LivesOfParties
    from toegang.mandates.statement import Statement

HOUR = timedelta(hours=1)


class Asked(Told):
    """Registers that tell this, and how often they were asked."""

    def __init__(self, law: Law) -> None:
        super().__init__(law)
        self.times = 0

    async def between(self, *ends: object) -> Law:
        self.times += 1
        return await super().between(*ends)


def telling(house: House, law: Law) -> Asked:
    """Have registers tell this when they are asked again."""
    authorities = house.app.rooms.logins.choosing.authorities
    registers = Asked(law)
    object.__setattr__(authorities, "rechecking", replace(authorities.rechecking, gathering=registers))
    return registers


@asynccontextmanager
async def town(house: House) -> AsyncIterator[tuple[World, Sites]]:
    """Open a town of which two systems listen to events."""
    world = await open_world(house)
    async with sites() as served:
        served.answers |= takes("202 Accepted")
        both = (told_at(served.url, each) for each in (SYSTEM, OTHER))
        await house.put(*(replace(logs_in(each), representation=True) for each in both))
        yield world, served


async def deliver(house: House) -> None:
    """Carry whatever there is, as far as to the clients."""
    delivery = house.app.loops.delivery
    for kind in (ended.PARTY, ended.KIND, ended.BY_LAW, notices.KIND):
        while await delivery.deliver_due(kind):
            continue


def about(served: Sites) -> list[str]:
    """Return which statements clients were told of."""
    return sorted(claims(text)["sub_id"]["id"] for text in heard(served))


def lives(house: House) -> LivesOfParties:
    return lives_of_parties(house.app.ground)


async def dies(world: World, party: PartyId) -> None:
    """Have the register of people tell a death."""
    async with world.house.app.ground.units.begin() as unit:
        await lives(world.house).died(unit, person_of(party), world.house.clock.now())


async def lives_after_all(world: World, party: PartyId) -> None:
    async with world.house.app.ground.units.begin() as unit:
        await lives(world.house).lives(unit, person_of(party), world.house.clock.now())


def person_of(party: PartyId) -> PersonId:
    return party  # type: ignore[return-value]


async def holds(house: House, made: Statement) -> bool:
    try:
        await house.app.rooms.logins.choosing.authorities.check_holds(made, house.clock.now())
    except OneTimeGone:
        return False
    return True


@pytest.mark.requires("MANDATES-P6", "MANDATES-P8")
@pytest.mark.parametrize("dead", [SANNE, PIETER], ids=["represented", "who acts"])
async def test_a_death_alone_is_told_to_whoever_was_told_that_one_acts_for_the_other(
    lone_quiet: House, dead: object
) -> None:
    async with town(lone_quiet) as (world, served):
        mine, others = await stated(world), await stated(world, "login-2", OTHER)
        unused = await stated(world, "login-3", redeemed=False)
        await dies(world, world.ids[dead])  # type: ignore[index]
        assert not await holds(lone_quiet, mine), "at once, whatever is delivered"
        await deliver(lone_quiet)
        assert about(served) == sorted([str(mine.id), str(others.id)])
        await deliver(lone_quiet)
        assert str(unused.id) not in about(served)
        assert len(heard(served)) == 2
        await lives_after_all(world, world.ids[dead])  # type: ignore[index]
        await deliver(lone_quiet)
        assert len(heard(served)) == 2
        assert not await holds(lone_quiet, mine), "who was told that it ended is told nothing else later"


async def test_a_death_that_is_taken_back_before_anybody_was_told_of_it_ends_nothing(
    lone_quiet: House,
) -> None:
    async with town(lone_quiet) as (world, served):
        made = await stated(world)
        await dies(world, world.ids[SANNE])
        await lives_after_all(world, world.ids[SANNE])
        await deliver(lone_quiet)
        assert heard(served) == []
        assert await holds(lone_quiet, made)


async def test_a_death_of_somebody_else_and_one_without_a_login_tell_nobody(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        made = await stated(world)
        [other] = (await world.house.app.rooms.representing.numbers.meet([FIRM], builders.NOW)).values()
        room, now = lone_quiet.app.rooms.representing.mandates, lone_quiet.clock.now()
        firm = replace(builders.firm(other), standing=Standing.DISSOLVED, since=now)
        await room.know(firm, now=now)
        waiting = await lone_quiet.app.loops.delivery.backlog()
        assert not [each for each in waiting if each.kind == ended.PARTY]
        await deliver(lone_quiet)
        assert heard(served) == []
        assert await holds(lone_quiet, made)


@pytest.mark.requires("MANDATES-P6")
async def test_a_firm_that_is_dissolved_is_told_for_all_that_was_stated_of_it(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        law = builders.told(office(world))
        made = [await stated_by_law(world, law, f"login-{number}") for number in range(3)]
        lone_quiet.clock.advance(timedelta(seconds=1))
        room, now = lone_quiet.app.rooms.representing.mandates, lone_quiet.clock.now()
        await room.know(
            replace(builders.firm(world.ids[FIRM]), standing=Standing.DISSOLVED, since=now), now=now
        )
        await deliver(lone_quiet)
        assert about(served) == sorted(str(each.id) for each in made)


@pytest.mark.requires("MANDATES-P5", "MANDATES-P7")
async def test_what_ends_at_a_known_moment_is_told_then_once_and_without_any_register(
    lone_quiet: House,
) -> None:
    async with town(lone_quiet) as (world, served):
        until = lone_quiet.clock.now() + HOUR
        law = builders.told(office(world, until=until))
        made, later = await stated_by_law(world, law), await stated(world)
        registers, rounds = telling(lone_quiet, law), lone_quiet.app.loops.noticing
        lone_quiet.clock.advance(HOUR - timedelta(seconds=1))
        await rounds.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert heard(served) == []
        asked = registers.times
        lone_quiet.clock.advance(timedelta(seconds=1))
        now = lone_quiet.clock.now()
        await asyncio.gather(*(rounds.round(now) for _ in range(3)))
        await deliver(lone_quiet)
        assert about(served) == [str(made.id)]
        assert claims(heard(served)[0])["toe"] == int(until.timestamp())
        assert registers.times == asked
        assert not await holds(lone_quiet, made)
        assert await holds(lone_quiet, later)


async def test_a_mandate_that_runs_out_is_told_as_one_that_is_taken_back(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        soon = lone_quiet.clock.now() + HOUR
        edge = await world.give(FIRM, PIETER, until=soon)
        room, now = lone_quiet.app.rooms.representing.mandates, lone_quiet.clock.now()
        made = await stated_by_law(world, NOTHING_TOLD)
        assert edge.effective(now)
        lone_quiet.clock.advance(HOUR)
        await lone_quiet.app.loops.noticing.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert about(served) == [str(made.id)]
        assert await room.looks.find(made.id) is None


@pytest.mark.requires("MANDATES-P6", "MANDATES-P25")
async def test_what_registers_end_without_a_date_is_found_without_anybody_asking(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        law = builders.told(office(world))
        made, rounds = await stated_by_law(world, law), lone_quiet.app.loops.noticing
        registers = telling(lone_quiet, law)
        await rounds.round(lone_quiet.clock.now())
        assert registers.times == 0
        for _ in range(2):
            lone_quiet.clock.advance(AGAIN)
            await rounds.round(lone_quiet.clock.now())
        assert registers.times == 2
        silent = telling(lone_quiet, builders.told(silent=frozenset({world.ids[FIRM]})))
        lone_quiet.clock.advance(AGAIN)
        await rounds.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert silent.times
        assert heard(served) == []
        telling(lone_quiet, builders.told())
        lone_quiet.clock.advance(AGAIN)
        await rounds.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert about(served) == [str(made.id)]
        registers = telling(lone_quiet, law)
        lone_quiet.clock.advance(AGAIN)
        await rounds.round(lone_quiet.clock.now())
        assert registers.times == 0, "it ended for good"


async def test_registers_are_not_asked_for_a_client_that_wants_to_hear_nothing(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        await lone_quiet.put(replace(logs_in(system()), representation=True))
        law = builders.told(office(world))
        made, registers = await stated_by_law(world, law), telling(lone_quiet, builders.told())
        for _ in range(3):
            lone_quiet.clock.advance(AGAIN)
            await lone_quiet.app.loops.noticing.round(lone_quiet.clock.now())
        assert registers.times == 0
        assert await holds(lone_quiet, made)
        assert served.heard == {}
        assert made.binding.audience == ClientId(SYSTEM)


async def test_a_client_that_registers_its_address_later_is_told_of_what_it_used_before(
    lone_quiet: House,
) -> None:
    async with town(lone_quiet) as (world, served):
        law = builders.told(office(world))
        await lone_quiet.put(replace(logs_in(system()), representation=True))
        before = [await stated_by_law(world, law, f"login-{number}") for number in range(noticing.ASKED + 1)]
        registers, rounds = telling(lone_quiet, builders.told()), lone_quiet.app.loops.noticing
        lone_quiet.clock.advance(AGAIN)
        assert not await rounds.round(lone_quiet.clock.now()), "all of them are put off at once"
        await lone_quiet.put(replace(logs_in(told_at(served.url, SYSTEM)), representation=True))
        await rounds.round(lone_quiet.clock.now())
        assert registers.times == 0
        lone_quiet.clock.advance(SELDOM)
        assert await rounds.round(lone_quiet.clock.now()), "a few at once"
        assert not await rounds.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert about(served) == sorted(str(each.id) for each in before)


async def test_what_nobody_uses_any_more_is_told_to_nobody_and_forgotten(lone_quiet: House) -> None:
    async with town(lone_quiet) as (world, served):
        law = builders.told(office(world, until=lone_quiet.clock.now() + 3 * ended.LIVES))
        made = await stated_by_law(world, law)
        registers = telling(lone_quiet, builders.told())
        lone_quiet.clock.advance(ended.LIVES)
        await lone_quiet.app.loops.noticing.round(lone_quiet.clock.now())
        await deliver(lone_quiet)
        assert heard(served) == []
        assert registers.times == 0
        assert await lone_quiet.app.rooms.representing.mandates.looks.find(made.id) is None


async def test_a_round_does_a_bounded_part_and_the_next_goes_on(
    lone_quiet: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticing, "MOST", 2)
    async with town(lone_quiet) as (world, served):
        law = builders.told(office(world, until=lone_quiet.clock.now() + AGAIN / 2))
        made = [await stated_by_law(world, law, f"login-{number}") for number in range(5)]
        lone_quiet.clock.advance(AGAIN / 2)
        rounds, now = lone_quiet.app.loops.noticing, lone_quiet.clock.now()
        assert await rounds.round(now)
        await deliver(lone_quiet)
        assert len(heard(served)) == 2
        assert await rounds.round(now)
        assert not await rounds.round(now)
        await deliver(lone_quiet)
        assert about(served) == sorted(str(each.id) for each in made)
