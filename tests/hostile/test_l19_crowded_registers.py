"""L19: where so many ask the registers that some are not asked, a system waits; it is not told a no."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.hostile.scenes import events
from tests.hostile.systems import (
    EVALUATION,
    EVALUATIONS,
    NOBODY,
    PIETER,
    SANNE,
    Caller,
    open_world,
    question,
)
from toegang.audit.events import MandateAsked
from toegang.mandates.gathering import Gathering
from toegang.registers.in_turn import InTurn

if TYPE_CHECKING:
    from tests.journeys.house import House

SEARCHES = tuple(f"/access/v1/search/{what}" for what in ("subject", "resource", "action"))


async def test_who_is_not_asked_about_in_time_is_no_no_but_later(lone_house: House) -> None:
    house = lone_house
    await open_world(house)
    deciding = house.app.rooms.systems.deciding
    assert isinstance(deciding.gathering, Gathering)
    registers = replace(deciding.gathering.registers, patience=0.2)
    gathering = replace(deciding.gathering, registers=registers)
    for room in (deciding, house.app.rooms.systems.searching.deciding):
        object.__setattr__(room, "gathering", gathering)
    caller = Caller(house)
    token = await caller.token()
    both = question(PIETER, SANNE)
    async with AsyncExitStack() as others:
        courts = registers.legal.courts
        assert isinstance(courts, InTurn)
        while not courts.places.locked():
            await others.enter_async_context(courts.places)
        for path, body in (
            (EVALUATION, both),
            (EVALUATION, question(PIETER, NOBODY)),
            (EVALUATIONS, both | {"evaluations": [{}, {}]}),
            *((path, both) for path in SEARCHES),
        ):
            answer = await caller.post(path, body, token)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), path
            assert int(answer.headers["retry-after"]) >= 1
    assert not any(isinstance(each, MandateAsked) for each in await events(house))
    answer = await caller.post(EVALUATION, both, token)
    assert answer.json() == {"decision": False}  # silent: these registers listen nowhere
