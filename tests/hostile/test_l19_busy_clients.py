"""L19: a client that refreshes all its tokens at once takes no turn of who logs in, and then asks nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NOON
from tests.mandates.gathered import AHMET, ELIF, SANNE, SERVICE, TESS, Bent, Gathered, asker, demo
from toegang.app.mandates import for_systems
from toegang.mandates.rechecking import Rechecking
from toegang.mandates.statement import Binding, Statement
from toegang.registers.in_turn import OF_SYSTEMS
from toegang.storage import Dialect

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn
    from toegang.mandates.law import Law
    from toegang.registers.population import Registered
    from toegang.storage import Database

# Nothing here is about how a database keeps it.
pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)

LOGINS = 12


class Counted:
    """The register of people as refreshes ask it: how many ask at once, and how often."""

    def __init__(self, real: Any) -> None:  # noqa: ANN401 a register of any kind
        self.real, self.now, self.most, self.times = real, 0, 0, 0

    async def find(self, bsn: Bsn) -> Registered | None:
        self.now, self.times = self.now + 1, self.times + 1
        self.most = max(self.most, self.now)
        found: Registered | None = await self.real.find(bsn)
        self.now -= 1
        return found


async def in_use(asked: Gathered, login: int) -> Statement:
    """Have a mother log in for her daughter, and her statement redeemed."""
    me, child = await asked.id(SANNE), await asked.id(TESS)
    law = await asked.gathering.between(me, child, SERVICE, NOON)
    binding = Binding(transaction=f"login-{login}", audience="portal", nonce="n", session="s")
    mandates = asked.gathering.mandates
    await mandates.state(asker(me, SERVICE), child, binding, NOON, law)
    return await mandates.redeem(binding, SERVICE, NOON)


async def test_rechecks_leave_who_logs_in_their_turns_and_ask_once(database: Database) -> None:
    async with demo(database) as asked:
        people = asked.gathering
        counted = Counted(people.registers.population)
        registers = replace(
            people.registers, population=Bent(real=people.registers.population, bent=counted.find)
        )
        again = Rechecking(
            mandates=people.mandates,
            gathering=replace(people, registers=for_systems(registers)),
            remembered=timedelta(minutes=5),
        )
        statements = [await in_use(asked, login) for login in range(LOGINS)]
        father, child = await asked.id(AHMET), await asked.id(ELIF)

        async def logs_in() -> Law:
            return await people.between(father, child, SERVICE, NOON)

        waits = asyncio.create_task(logs_in())
        await asyncio.gather(*(again.check_lately(each, SERVICE, NOON) for each in statements))
        law = await waits
        assert not law.crowded
        assert not law.silent
        assert 1 < counted.most <= OF_SYSTEMS
        times = counted.times
        assert times >= LOGINS
        for _ in range(3):
            await asyncio.gather(*(again.check_lately(each, SERVICE, NOON) for each in statements))
        assert counted.times == times
