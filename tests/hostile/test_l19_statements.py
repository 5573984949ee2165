"""L19: whether what a login stated still holds is for its own service, and never true for too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.hostile.scenes import events
from tests.hostile.systems import (
    EVERYTHING,
    FIRM,
    NOOR,
    OTHER,
    PIETER,
    SANNE,
    SYSTEM,
    Caller,
    World,
    admits,
    open_world,
    system,
)
from tests.journeys.house import CLINIC, PORTAL, House, service
from tests.journeys.leaving import sites
from tests.journeys.party import claims
from tests.journeys.registers import QuietRegisters
from tests.journeys.test_mandate_notices import deliver, given, heard, stated, takes, told_at
from tests.mandates import builders
from toegang.assurance import Level
from toegang.audit.events import MandateAsked
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ServiceId
from toegang.errors import Unavailable
from toegang.mandates import ended as endings
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Under
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.link import Link
from toegang.mandates.party import Standing
from toegang.mandates.scope import Restriction
from toegang.mandates.statement import Binding, Statement
from toegang.provider.oidc.systems import System

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


class Told(QuietRegisters):
    """Registers that tell what the law gives between two."""

    def __init__(self, law: Law) -> None:
        self.law = law

    async def between(self, *_: object) -> Law:
        return self.law


async def stated_by_law(world: World, law: Law, login: str = "login-9") -> Statement:
    """Have Pieter log in for the firm."""
    room, now = world.house.app.rooms.representing.mandates, world.house.clock.now()
    asker = Asker(actor=world.ids[PIETER], authenticated=Level.HIGH, service=admits(), requested=Level.LOW)
    binding = Binding(transaction=login, audience=SYSTEM, nonce="n", session="s")
    await room.state(asker, world.ids[FIRM], binding, now, law)
    return await room.redeem(binding, admits(), now)


async def as_told(house: House, made: Statement, law: Law) -> tuple[object, object]:
    """Return the status of a statement when registers tell this now, and until when it holds."""
    statuses = house.app.rooms.systems.statuses
    again = replace(statuses.rechecking, gathering=Told(law))
    system_ = System(client=system(), api=EVERYTHING)
    answer = await replace(statuses, rechecking=again).status(system_, str(made.id), house.clock.now())
    return (answer or {}).get("status"), (answer or {}).get("valid_until")


def office(world: World, **changes: object) -> Link:
    """Return that Pieter is a director of the firm."""
    made = {"agent": world.ids[PIETER], "principal": world.ids[FIRM], "kind": EdgeKind.STATUTORY}
    return builders.law(**({"overrules": False} | made | changes))


async def test_who_lost_an_office_does_not_keep_what_was_stated_by_a_narrower_one(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    now = lone_quiet.clock.now()
    ends, sooner = now + timedelta(days=9), now + timedelta(days=2)
    director = office(world, until=ends)
    made = await stated_by_law(world, builders.told(director))
    assert await as_told(lone_quiet, made, builders.told(director)) == ("valid", ends.isoformat())
    shorter = builders.told(replace(director, until=sooner))
    assert await as_told(lone_quiet, made, shorter) == ("valid", sooner.isoformat())
    silent = builders.told(silent=frozenset({world.ids[FIRM]}))
    with pytest.raises(Unavailable):
        await as_told(lone_quiet, made, silent)
    for number, less in enumerate(
        (
            replace(director, kind=EdgeKind.PROXY, restriction=Restriction(most=100_00)),
            replace(director, worth=Level.LOW),
        )
    ):
        made = await stated_by_law(world, builders.told(director), f"login-{number}")
        assert await as_told(lone_quiet, made, builders.told(less)) == ("ended", None)
        assert await as_told(lone_quiet, made, builders.told(director)) == ("ended", None), "for good"


async def test_what_was_given_in_anothers_name_ends_with_what_it_was_given_by(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    proxy = builders.told(office(world, agent=world.ids[NOOR], kind=EdgeKind.PROXY))
    under = Under(by=world.ids[NOOR], kind=EdgeKind.PROXY)
    await world.give(FIRM, PIETER, under=under)
    made = await stated_by_law(world, proxy)
    assert made.under
    assert (await as_told(lone_quiet, made, proxy))[0] == "valid"
    assert await as_told(lone_quiet, made, NOTHING_TOLD) == ("ended", None)


async def test_a_client_hears_once_of_what_the_law_ended_when_that_is_found_out(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    async with sites() as served:
        served.answers |= takes("202 Accepted")
        await lone_quiet.put(told_at(served.url))
        director = builders.told(office(world))
        made = await stated_by_law(world, director)
        for law in (director, NOTHING_TOLD, NOTHING_TOLD, director):
            await as_told(lone_quiet, made, law)
            await lone_quiet.app.loops.delivery.deliver_due(endings.BY_LAW)
            await deliver(lone_quiet)
        assert [claims(text)["sub_id"]["id"] for text in heard(served)] == [str(made.id)]
