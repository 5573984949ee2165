"""L19: a register that is down, or that too many ask, ends nothing of what was stated by law before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.conftest import NOON
from tests.mandates.gathered import (
    HOLDING,
    JAN,
    KEES,
    SAILS,
    SANNE,
    SERVICE,
    TESS,
    Gathered,
    asker,
    bent,
    demo,
)
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.law import Law
from toegang.mandates.rechecking import Rechecking
from toegang.mandates.statement import Binding, Statement
from toegang.storage import Dialect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from toegang.registers.organisations import RegisteredOrganisation
    from toegang.storage import Database

# Nothing here is about how a database keeps it.
pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)

BINDING = Binding(transaction="login", audience="portal", nonce="n", session="s")


async def silent(*_: object) -> NoReturn:
    raise Unavailable


async def crowded(*_: object) -> NoReturn:
    raise Unavailable(crowded=True)


async def stated(asked: Gathered, actor: Bsn, principal: Bsn | KvkNumber) -> Statement:
    """State by what somebody acts by law, while every register answers."""
    me, other = await asked.id(actor), await asked.id(principal)
    law: Law = await asked.gathering.between(me, other, SERVICE, NOON)
    stating = asked.gathering.mandates.stating
    prepared = await stating.prepare(asker(me, SERVICE), other, BINDING, NOON, law)
    return prepared.statement


async def check(asked: Gathered, taken: Statement) -> None:
    gathering = asked.gathering
    again = Rechecking(mandates=gathering.mandates, gathering=gathering, remembered=timedelta())
    await again.check(taken, SERVICE, NOON)


def of_one(asked: Gathered, about: object, how: Callable[..., Awaitable[Any]]) -> Gathered:
    """Have the trade register answer otherwise about one organisation."""
    real = asked.gathering.registers.legal.organisations

    async def find(kvk: KvkNumber) -> RegisteredOrganisation | None:
        return await how(kvk) if kvk == about else await real.find(kvk)

    return bent(asked, "organisations", find)


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize("how", [silent, crowded])
async def test_the_silence_of_one_register_ends_nothing_that_rests_on_it(
    database: Database, how: Callable[..., Awaitable[Any]]
) -> None:
    async with demo(database) as asked:
        for actor, principal, down in (
            (SANNE, TESS, bent(asked, "families", how)),
            (KEES, JAN, bent(asked, "estates", how)),
            (SANNE, SAILS, of_one(asked, SAILS, how)),
            (SANNE, SAILS, of_one(asked, HOLDING, how)),
        ):
            taken = await stated(asked, actor, principal)
            await check(asked, taken)
            with pytest.raises(Unavailable):
                await check(down, taken)


@pytest.mark.requires("MANDATES-P20", "MANDATES-P25")
async def test_who_directs_through_a_holding_that_was_not_asked_about_is_no_no_but_later(
    database: Database,
) -> None:
    async with demo(database) as asked:
        sails = await asked.id(SAILS)
        assert not (await asked.over(SAILS)).crowded
        assert not (await of_one(asked, HOLDING, silent).over(SAILS)).crowded
        law = await of_one(asked, HOLDING, crowded).over(SAILS)
        assert law.crowded
        assert not law.tells_who_controls(sails)
        assert (await bent(asked, "organisations", crowded, "held_by").for_actor(SANNE)).crowded
