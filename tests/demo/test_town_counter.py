"""The counter of the demo's municipality asks the hub, and shows its answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from starlette.applications import Starlette

from demo import municipality, town_counter
from demo.catalogue import write_catalogue
from demo.places import Party, Places
from tests.conftest import NOON
from tests.hostile.systems import PIETER, SANNE, World, admits
from tests.journeys.conftest import house_secrets, lone_quiet
from tests.journeys.house import ISSUER, TOWN, House
from toegang.catalogue.check import Basis, check_files
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import Client, ClientId, ServiceId
from toegang.clock import epoch
from toegang.mandates.scope import Scope

__all__ = ["house_secrets", "lone_quiet"]

TAXES = ServiceId(UUID(municipality.REGISTRATION.offers[-1].id))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Stand where the hub of the tests is."""
    made = Places(home=tmp_path / "demo", port_base=8000)
    made.prepare()
    assert made.url(Party.HUB) == ISSUER
    return made


async def open_town(house: House, places: Places) -> World:
    """Register the counter as the demo does, and have Sanne give Pieter a mandate for her taxes."""
    basis = Basis(before=Snapshot.of([]), now=NOON)
    known = check_files([write_catalogue(places)], basis).after.client(ClientId(town_counter.CLIENT))
    assert isinstance(known, Client)
    await house.put(admits(TAXES), replace(known, organisation=TOWN))
    world = World(house)
    await world.meet(SANNE, PIETER)
    await world.give(SANNE, PIETER, scopes=(Scope.of_service(TAXES),))
    return world


async def test_the_counter_says_yes_and_no_and_not_why(lone_quiet: House, places: Places) -> None:
    await open_town(lone_quiet, places)
    async with lone_quiet.browser() as hub:
        client = town_counter.client_of(places, hub, now=lambda: float(epoch(lone_quiet.clock.now())))
        counter = town_counter.TownCounter(client=client, registration=municipality.REGISTRATION)
        app = Starlette(routes=list(town_counter.routes(counter)))
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://town.example") as clerk:
            assert "Balie" in (await clerk.get("/balie")).text

            async def asked(actor: str, principal: str) -> str:
                return (await clerk.post("/balie", data={"actor": actor, "principal": principal})).text

            assert "Ja." in await asked(PIETER.digits, SANNE.digits)
            assert "Nee." in await asked(SANNE.digits, PIETER.digits)
            assert "Nee." in await asked("nobody", "90000001")
            await lone_quiet.put(admits(TAXES, enabled=False))
            assert "Dit zegt Toegang: party-closed" in await asked(PIETER.digits, SANNE.digits)
