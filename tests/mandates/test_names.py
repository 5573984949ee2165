"""Names: what registers call parties, for a page that never waits long and never fails for it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from demo.places import Party, Places, secret
from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.mandates.builders import party_id
from tests.mandates.gathered import PATIENCE
from tests.mandates.known import numbers
from tests.outbound.servers import party as served
from toegang.clock import FixedClock
from toegang.identity.numbers import BranchNumber, Bsn, KvkNumber, Rsin
from toegang.mandates.names import MOST, Names, Shown
from toegang.mandates.party import PartyKind
from toegang.registers.organisations_http import HttpOrganisations
from toegang.registers.population import Registered
from toegang.registers.population_http import HttpPopulation
from toegang.registers.unasked import Unasked
from toegang.storage import Dialect

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound
    from toegang.storage import Database

PLACES = Places(home=Path("/nonexistent"))
SANNE, GERDA, NOBODY = (Bsn.parse(each) for each in ("999990019", "999991000", "999990998"))
KOMPAS, FLOWERS, UNKNOWN = (KvkNumber.parse(each) for each in ("90000101", "90000202", "98765432"))
SHOP, NO_SHOP = (BranchNumber.parse(FLOWERS, each) for each in ("000090000202", "000000000001"))
LEGAL = Rsin.parse("999990172")


def names(database: Database, outbound: Outbound, url: str, patience: float = PATIENCE) -> Names:
    shown, clock = secret(Party.POPULATION), FixedClock(NOON)
    return Names(
        numbers=numbers(database),
        population=HttpPopulation(outbound=outbound, clock=clock, url=url, secret=shown),
        organisations=HttpOrganisations(outbound=outbound, clock=clock, url=f"{url}/trade", secret=shown),
        patience=patience,
    )


async def test_people_and_organisations_are_called_what_their_registers_call_them(database: Database) -> None:
    async with running(build(PLACES)) as url, calling(PATIENCE) as outbound:
        asked = names(database, outbound, url)
        met = await asked.numbers.meet([SANNE, GERDA, KOMPAS, SHOP, NO_SHOP, LEGAL, NOBODY, UNKNOWN], NOON)
        shown = await asked.of([*met.values(), party_id(1)])
    assert {number: shown[party].name for number, party in met.items()} == {
        SANNE: "Sanne Maria de Jong",
        GERDA: "Gerda van Dam",
        KOMPAS: "Kompas Bewindvoering (nep) B.V.",
        SHOP: "Winkel aan de Havenkade",
        NO_SHOP: "Bloemen van Zandermeer (nep) B.V.",
        LEGAL: "",
        NOBODY: "",
        UNKNOWN: "",
    }
    assert shown[met[SANNE]].kind is PartyKind.PERSON
    assert shown[met[KOMPAS]].kind is PartyKind.ORGANISATION
    assert shown[party_id(1)] == Shown(kind=None)


async def test_silent_registers_leave_a_page_without_names(database: Database) -> None:
    async with served(b"HTTP/1.1 503 Out\r\ncontent-length: 0\r\n\r\n") as down, calling() as outbound:
        asked = names(database, outbound, down.url)
        met = await asked.numbers.meet([SANNE, KOMPAS], NOON)
        shown = await asked.of(met.values())
    assert [each.name for each in shown.values()] == ["", ""]


async def test_a_register_that_is_not_asked_is_silent(database: Database) -> None:
    known = numbers(database)
    asked = Names(
        numbers=known, population=Unasked("population.url"), organisations=Unasked("organisations.url")
    )
    met = await known.meet([SANNE, KOMPAS], NOON)
    assert {each.name for each in (await asked.of(met.values())).values()} == {""}


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Gives an answer of the register without a call, which a busy machine could make a late one."""

    told: Registered | None

    async def find(self, _: Bsn) -> Registered | None:
        """Give it."""
        return self.told


@pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)
async def test_who_answers_in_time_has_a_name_beside_who_does_not(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def never(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    caplog.set_level(logging.DEBUG)
    async with running(build(PLACES)) as url, served(never) as slow, calling(PATIENCE) as outbound:
        asked, hanging = names(database, outbound, url), names(database, outbound, slow.url)
        at_once = AtOnce(await asked.population.find(SANNE))
        mixed = replace(asked, population=at_once, organisations=hanging.organisations, patience=0.5)
        met = await mixed.numbers.meet([SANNE, KOMPAS], NOON)
        shown = await mixed.of(met.values())
    assert shown[met[SANNE]].name == "Sanne Maria de Jong"
    assert not shown[met[KOMPAS]].name
    assert not [each for each in (SANNE, KOMPAS) if each.digits in caplog.text]


async def test_no_page_asks_a_register_more_than_it_can_bear(database: Database) -> None:
    seen: list[int] = []

    class Counted:
        """Counts how many questions are under way."""

        under_way = 0

        async def find(self, _: Any) -> None:  # noqa: ANN401 any number
            self.under_way += 1
            seen.append(self.under_way)
            await asyncio.sleep(0)
            self.under_way -= 1

        held_by = find

    counted: Any = Counted()
    known = numbers(database)
    asked = Names(numbers=known, population=counted, organisations=counted)
    met = await known.meet([KvkNumber(f"{90_000_000 + each}") for each in range(2 * MOST)], NOON)
    assert len(await asked.of(met.values())) == 2 * MOST
    assert len(seen) == MOST
    assert max(seen) <= 8
