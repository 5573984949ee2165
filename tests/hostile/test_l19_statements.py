"""L19: whether what a login stated still holds is for its own service, and never true for too long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.hostile.scenes import events
from tests.hostile.systems import OTHER, SANNE, Caller, World, admits, open_world, system
from tests.journeys.house import CLINIC, PORTAL, House, service
from tests.journeys.test_mandate_notices import given, stated
from tests.mandates import builders
from toegang.assurance import Level
from toegang.audit.events import MandateAsked
from toegang.catalogue.values import ServiceId
from toegang.mandates.party import Standing

FOREIGN = ServiceId(UUID(int=66))


async def status(house: House, statement: object, caller: Caller | None = None) -> tuple[int, object]:
    caller = caller or Caller(house)
    bearer = {"authorization": f"Bearer {await caller.token('mandates:status')}"}
    answer = await house.browser().get(f"/access/v1/statements/{statement}", headers=bearer)
    return answer.status_code, answer.json()


async def ended(world: World, statement: object) -> bool:
    code, told = await status(world.house, statement)
    assert code == 200
    return bool(told == {"statement": str(statement), "status": "ended"})


async def test_a_statement_holds_until_its_mandate_is_taken_back(quiet: House) -> None:
    world = await open_world(quiet)
    made = await stated(world)
    assert await status(quiet, made.id) == (
        200,
        {
            "statement": str(made.id),
            "status": "valid",
            "valid_until": (quiet.clock.now() + timedelta(days=30)).isoformat(),
        },
    )
    await world.revoke(await given(world))
    assert await ended(world, made.id)
    asked = [each for each in await events(quiet) if isinstance(each, MandateAsked)]
    assert [(each.question, each.answers) for each in asked] == [("status", 1), ("status", 0)]


async def test_it_ends_at_its_moment_and_when_a_register_tells_something_else(quiet: House) -> None:
    world = await open_world(quiet)
    made, room = await stated(world), quiet.app.rooms.representing.mandates
    gone = builders.person(world.ids[SANNE], standing=Standing.DECEASED, since=quiet.clock.now())
    await room.know(gone, now=quiet.clock.now())
    assert await ended(world, made.id)
    later = quiet.clock.now() + timedelta(seconds=1)
    await room.know(builders.person(world.ids[SANNE]), now=later)
    assert not await ended(world, made.id)
    quiet.clock.advance(timedelta(days=30))
    assert await ended(world, made.id)


async def test_another_service_learns_no_more_than_of_one_that_nobody_has(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    made = await stated(world)
    other = service(FOREIGN, CLINIC, Level.LOW)
    foreign = system(OTHER, (FOREIGN, PORTAL), organisation=CLINIC)
    await lone_quiet.put(other, foreign)
    nothing = (404, {"error": "not_found"})
    assert await status(lone_quiet, made.id, Caller(lone_quiet, OTHER)) == nothing
    for unknown in (uuid4(), "1", "x" * 300, str(made.id).upper() + "0"):
        assert await status(lone_quiet, unknown) == nothing


async def test_before_it_is_handed_over_nobody_is_told_of_it(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    room, now = lone_quiet.app.rooms.representing.mandates, lone_quiet.clock.now()
    made = await stated(world, redeemed=False)
    assert await status(lone_quiet, made.id) == (404, {"error": "not_found"})
    await room.redeem(made.binding, admits(), now)
    assert not await ended(world, made.id)


@pytest.mark.parametrize("scope", ["mandates:evaluate", "mandates:search"])
async def test_a_token_for_something_else_asks_no_status(lone_quiet: House, scope: str) -> None:
    world = await open_world(lone_quiet)
    made = await stated(world)
    bearer = {"authorization": f"Bearer {await Caller(lone_quiet).token(scope)}"}
    answer = await lone_quiet.browser().get(f"/access/v1/statements/{made.id}", headers=bearer)
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
