"""In turn: however much systems ask, whoever logs in gets to a register."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from toegang.app.mandates import for_systems
from toegang.mandates.hearing import Registers
from toegang.mandates.legal.asking import LegalRegisters
from toegang.registers.in_turn import AT_ONCE, OF_SYSTEMS, InTurn


@dataclass(slots=True)
class Stuck:
    """A register that answers nobody."""

    asked: list[str] = field(default_factory=list)

    async def find(self, who: str) -> None:
        self.asked.append(who)
        await asyncio.Event().wait()

    async def of(self, who: str, at: object) -> None:
        del at
        await self.find(who)


async def settled() -> None:
    """Let everybody go as far as they come."""
    for _ in range(10):
        await asyncio.sleep(0)


def opened(register: Any) -> Registers:  # noqa: ANN401 a register of any kind
    """Return registers that are all this one, asked in turn."""
    legal = LegalRegisters(courts=InTurn(register), estates=InTurn(register), organisations=InTurn(register))
    return Registers(population=InTurn(register), parental=register, legal=legal)


def asking(registers: Registers, kind: str, who: str) -> Any:  # noqa: ANN401 what a register is asked
    """Ask a register of this kind about somebody."""
    asked: Any = registers
    if kind == "parental":
        return asked.parental.of(who, None)
    return (asked.population if kind == "population" else getattr(asked.legal, kind)).find(who)


@pytest.mark.parametrize("kind", ["population", "courts", "estates", "organisations"])
async def test_systems_that_ask_a_slow_register_without_end_keep_nobody_from_it(kind: str) -> None:
    register = Stuck()
    people = opened(register)
    systems = for_systems(people)
    tasks = [asyncio.create_task(asking(systems, kind, "system")) for _ in range(5 * AT_ONCE)]
    await settled()
    assert len(register.asked) == OF_SYSTEMS
    tasks += [asyncio.create_task(asking(people, kind, "somebody")) for _ in range(AT_ONCE)]
    await settled()
    assert register.asked.count("somebody") == AT_ONCE - OF_SYSTEMS
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_the_law_over_children_is_asked_in_the_turns_of_the_register_of_people() -> None:
    register = Stuck()
    systems = for_systems(opened(register))
    kinds = ("population", "parental") * AT_ONCE
    tasks = [asyncio.create_task(asking(systems, kind, kind)) for kind in kinds]
    await settled()
    assert len(register.asked) == OF_SYSTEMS
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
