"""Noticing what ended by itself keeps nobody waiting who uses what was stated."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from toegang.mandates.noticing import ASKED
from toegang.registers.in_turn import OF_SYSTEMS, InTurn, turns

OF_ONE_STATEMENT = 2
"""Whom one register is asked about at once: who acts and who is represented."""


@dataclass
class Slow:
    """A register that answers nobody until it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def find(self, asked: object) -> object:
        await self.may.wait()
        return asked


async def test_a_round_leaves_turns_at_a_slow_register_for_who_refreshes() -> None:
    slow = Slow()
    register = InTurn(slow, turns(OF_SYSTEMS))
    async with asyncio.TaskGroup() as asking:
        for number in range(ASKED * OF_ONE_STATEMENT):
            asking.create_task(register.find(number))
        await asyncio.sleep(0)
        left = not register.places.locked()
        slow.may.set()
    assert left
