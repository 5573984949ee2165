"""Who of the demo may act for whom: what its registers and the mandates of before come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.catalogue import write_catalogue
from demo.clients import MANY, clients
from demo.personas import read_personas
from demo.places import Places
from demo.represented import BALANS, KOMPAS, LIBRARY, ON_TEAM, write
from tests.conftest import NOON
from tests.mandates.engines import Helpers
from tests.mandates.gathered import FLEUR, GERDA, MILAN, NOOR, SANNE, Gathered, asker, demo
from toegang.catalogue.check import Basis, check_files
from toegang.catalogue.snapshot import Snapshot
from toegang.clock import SystemClock
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.decide import Listed, Permit, Refused
from toegang.mandates.stores import Page
from toegang.mandates.why import Why
from toegang.storage import Dialect

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.catalogue.values import Service
    from toegang.mandates.numbers import Number
    from toegang.storage import Database

pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)
WHO = {persona.id: Bsn.parse(persona.bsn) for persona in read_personas()}
TRUUS, AALTJE, GIJS = (Bsn.parse(each) for each in ("999991103", "999991115", "999991127"))
FINN = Bsn.parse("999982035")


@pytest.fixture
def services(tmp_path: Path) -> tuple[Service, Service]:
    """Return taxes and care, as the catalogue of the demo has them."""
    places = Places(home=tmp_path, port_base=8700)
    places.prepare()
    catalogue = check_files([write_catalogue(places)], Basis(before=Snapshot.of([]), now=NOON)).after
    found = {each.names.nl: each for id_ in catalogue.representable() if (each := catalogue.service(id_))}
    return found["Belastingen regelen"], found["Zorg regelen"]


async def permits(asked: Gathered, name: str, service: Service) -> list[Permit]:
    """Return for whom a persona may act now, page by page."""
    now, me = SystemClock().now(), await asked.id(WHO[name])
    law = await asked.gathering.for_actor(me, service, now)
    found: list[Permit] = []
    page: Page | None = Page(size=500)
    while page is not None:
        listed = await asked.gathering.mandates.represented(asker(me, service), page, now, law)
        assert isinstance(listed, Listed)
        found += listed.found
        page = None if listed.after is None else Page(after=listed.after, size=500)
    return found


async def whom(asked: Gathered, name: str, service: Service) -> dict[Number, tuple[str, ...]]:
    """Return for whom, and by what."""
    found = await permits(asked, name, service)
    known = await asked.gathering.numbers.of(each.principal for each in found)
    return {known[each.principal][0]: each.basis for each in found}


async def test_each_story_is_true_today(database: Database, services: tuple[Service, Service]) -> None:
    taxes, care = services
    async with demo(database) as asked:
        now = SystemClock().now()
        assert await write(database, asked.gathering.numbers, now) > MANY
        assert await write(database, asked.gathering.numbers, now) == 0

        sanne = await whom(asked, "sanne", care)
        assert sanne[NOOR] == ("parental-joint",)
        assert {MILAN, FLEUR} & sanne.keys() == set()
        assert sanne[WHO["suharti"]] == ("voluntary",)
        assert {NOOR, MILAN, FLEUR} < (await whom(asked, "sanne", taxes)).keys()

        assert (await whom(asked, "suharti", taxes))[TRUUS] == ("bewind",)
        guarded = await whom(asked, "suharti", care)
        assert guarded[FINN] == ("guardianship",)
        assert TRUUS not in guarded
        pieter = await whom(asked, "pieter", taxes)
        assert pieter[AALTJE] == ("heir",)
        assert pieter[GERDA] == ("employee", "curatele")
        assert pieter[KOMPAS] == ("employee",)
        assert (await whom(asked, "pieter", care))[GERDA] == ("employee", "curatele")
        assert WHO["fatima"] not in await whom(asked, "maximiliaan", care), (
            "who is not in the list helps nobody"
        )
        helpers = asked.gathering.mandates.helpers
        assert isinstance(helpers, Helpers)
        helpers.listed.add(await asked.id(LIBRARY))
        helped = await whom(asked, "maximiliaan", care)
        assert helped[WHO["fatima"]] == helped[WHO["joost"]] == ("employee", "helper")


async def test_an_accountant_acts_for_each_of_2000_clients_and_has_them_on_pages(
    database: Database, services: tuple[Service, Service]
) -> None:
    taxes, care = services
    client = KvkNumber(next(iter(clients())))
    async with demo(database) as asked:
        now = SystemClock().now()
        await write(database, asked.gathering.numbers, now)
        me, other = await asked.id(WHO["nadia"]), await asked.id(client)
        law = await asked.gathering.between(me, other, taxes, now)
        decided = await asked.gathering.mandates.decide(asker(me, taxes), other, now, law)
        assert isinstance(decided, Permit)
        assert decided.basis == ("staff", "intermediary")
        assert not await asked.allowed(SANNE, client, taxes)
        assert client not in await whom(asked, "nadia", care)

        found = await whom(asked, "nadia", taxes)
        assert {str(each) for each, by in found.items() if "staff" in by} == set(clients())
        assert found[GIJS] == ("executor",)
        assert BALANS not in found

        mine = await whom(asked, "olena", taxes)
        assert {str(each) for each, by in mine.items() if "staff" in by} == set(list(clients())[:ON_TEAM])
        last = await asked.id(KvkNumber(list(clients())[ON_TEAM]))
        olena = await asked.id(WHO["olena"])
        law = await asked.gathering.between(olena, last, taxes, now)
        refused = await asked.gathering.mandates.decide(asker(olena, taxes), last, now, law)
        assert refused == Refused(whys=(Why.NOT_ON_THE_TEAM,))
