"""Ending a mandate marks what rests on it in one order, so that two never wait for each other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.mandates import builders as b
from tests.mandates.test_at_once import SERVICE, pair
from toegang.ids import SystemIds
from toegang.mandates.statement import Binding, Statement, StatementId, Status
from toegang.storage import Database, Dialect

WAITS = """SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE NOT l.granted AND a.datname = current_database()"""


@pytest.fixture
def engine() -> Dialect:
    """Have it on PostgreSQL only: SQLite has one writer."""
    return Dialect.POSTGRES


def bound(number: int) -> Binding:
    return Binding(transaction=f"login-of-{number}", audience="portal", nonce="n", session="s")


@pytest.mark.requires("MANDATES-P4")
async def test_who_ends_a_mandate_while_logins_by_it_come_back_waits_for_them(database: Database) -> None:
    two = await pair(database, 1)
    first = await two.use()
    assert isinstance(first, Statement)
    statements, ids = two.mandates.statements, SystemIds()
    made = sorted((StatementId(ids.uuid()) for _ in range(6)), reverse=True)  # the last lies first
    for number, id_ in enumerate(made):
        async with database.begin() as unit:
            assert await statements.add(unit, replace(first, id=id_, binding=bound(number)))

    async def contest() -> int:
        async with database.begin() as unit:
            return await statements.contest(unit, two.edge.id, b.NOW)

    async with database.begin() as unit:
        assert await statements.redeem(unit, bound(5), str(SERVICE.id), b.NOW)
        contesting = asyncio.create_task(contest())
        async with asyncio.timeout(20):
            while await database.one(WAITS) is None:
                assert not contesting.done()
        for number in (4, 3):
            assert await statements.redeem(unit, bound(number), str(SERVICE.id), b.NOW)

    assert await contesting == 4
    found = [await statements.find(id_) for id_ in made]
    assert [each and each.status for each in found] == [Status.CONTESTED] * 3 + [Status.REDEEMED] * 3
