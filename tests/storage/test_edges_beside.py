"""Of two mandates that wait and are told apart by nothing, as an upgrade can leave them, each goes on."""

from __future__ import annotations

from dataclasses import replace

from tests.hostile.test_l03_guessed_numbers import typed
from tests.hostile.test_l03_typed_and_shown import waiting
from tests.mandates.builders import NOW
from tests.mandates.giving_people import PIETER, SANNE, people
from toegang.ids import SystemIds
from toegang.mandates.edge import EdgeId, State
from toegang.storage import Database
from toegang.storage.database import inside


async def test_what_waits_beside_its_equal_moves_as_any_other(database: Database) -> None:
    house = await people(database)
    assert await typed(house, PIETER, asking=True) == "requested"
    [edge] = await waiting(house, house.actor(SANNE))
    async with database.begin() as unit:
        await inside(unit).put(
            "UPDATE mandate_edges SET pending = NULL WHERE id = :id", {"id": edge.id.bytes}
        )
        other = replace(edge, id=EdgeId(SystemIds().uuid()))
        assert await house.voluntary.mandates.edges.add(unit, other)
    do, me = house.voluntary, house.actor(SANNE)
    for each in (edge, other):
        sent = await do.send_letter(me, each.id, each.version, NOW)
        assert sent.state is State.CODE_SENT
        assert (await do.end(me, each.id, sent.version, NOW)).state is State.WITHDRAWN
    assert await typed(house, PIETER, asking=True) == "requested"
