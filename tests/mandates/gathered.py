"""Gathering over a database and the registers of the demo, or over registers that a test lets speak."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from demo.places import Party, Places, secret
from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.known import numbers
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.clock import FixedClock
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.decide import Asker, Decision, Listed, Permit
from toegang.mandates.gathering import Gathering
from toegang.mandates.hearing import Registers
from toegang.mandates.law import Law
from toegang.mandates.legal.asking import LegalRegisters
from toegang.mandates.legal.parental.asking import ByFlow
from toegang.mandates.numbers import Number
from toegang.mandates.party import PartyId
from toegang.mandates.stores import Page
from toegang.outbound.client import Outbound
from toegang.registers.courts_http import HttpCourts
from toegang.registers.estates_http import HttpEstates
from toegang.registers.families_http import HttpFamilies
from toegang.registers.in_turn import InTurn, turns
from toegang.registers.organisations_http import HttpOrganisations
from toegang.registers.population_http import HttpPopulation
from toegang.storage import Database

SANNE, AHMET, LOTTE, KEES, NADIA = (
    Bsn.parse(f"99999{each}") for each in ("0019", "0032", "0251", "0214", "0172")
)
TESS, ELIF = Bsn.parse("999990159"), Bsn.parse("999980592")
NOOR, MILAN, FLEUR = (Bsn.parse(each) for each in ("999970008", "999970021", "999970033"))
GERDA, WILLEM, CORRIE, DIRK, ELS, BRAM, JAN, RIET = (
    Bsn.parse(f"9999910{each}") for each in ("00", "12", "24", "36", "48", "61", "73", "85")
)
KOMPAS, FLOWERS, ADVICE, WORKSHOP, DISSOLVED, SAILS, HOLDING = (
    KvkNumber.parse(f"90000{each}0{each}") for each in range(1, 8)
)
SERVICE = b.service(rules_=b.rules(depth=3))
PATIENCE = 60.0  # seconds: nothing here is about how long registers may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A gathering, and words to ask with."""

    gathering: Gathering

    async def id(self, number: Number) -> PartyId:
        return (await self.gathering.numbers.meet([number], NOON))[number]

    async def for_actor(self, actor: Number, service: Service = SERVICE) -> Law:
        return await self.gathering.for_actor(await self.id(actor), service, NOON)

    async def over(self, principal: Number) -> Law:
        return await self.gathering.over(await self.id(principal), NOON)

    async def decide(self, actor: Number, principal: Number, service: Service = SERVICE) -> Decision:
        me, other = await self.id(actor), await self.id(principal)
        law = await self.gathering.between(me, other, service, NOON)
        return await self.gathering.mandates.decide(asker(me, service), other, NOON, law)

    async def represented(self, actor: Number, service: Service = SERVICE) -> dict[Number, tuple[str, ...]]:
        me = await self.id(actor)
        law = await self.gathering.for_actor(me, service, NOON)
        listed = await self.gathering.mandates.represented(asker(me, service), Page(), NOON, law)
        assert isinstance(listed, Listed)
        known = await self.gathering.numbers.of(each.principal for each in listed.found)
        return {known[each.principal][0]: each.basis for each in listed.found}

    async def allowed(self, actor: Number, principal: Number, service: Service = SERVICE) -> bool:
        return isinstance(await self.decide(actor, principal, service), Permit)


def asker(actor: PartyId, service: Service) -> Asker:
    return Asker(actor=actor, authenticated=Level.HIGH, service=service, requested=Level.LOW)


def admitting(*kinds: EdgeKind, **changes: Any) -> Service:  # noqa: ANN401 any field of the rules
    return b.service(rules_=b.rules(kinds=kinds, depth=3, **changes))


def gathering(database: Database, outbound: Outbound, url: str, patience: float = PATIENCE) -> Gathering:
    def opened(kind: Callable[..., Any], path: str, places: asyncio.Semaphore) -> InTurn:
        shown = secret(Party.POPULATION)
        register = kind(outbound=outbound, clock=FixedClock(NOON), url=f"{url}{path}", secret=shown)
        return InTurn(register, places)

    legal = LegalRegisters(
        courts=opened(HttpCourts, "/courts", turns()),
        estates=opened(HttpEstates, "/estates", turns()),
        organisations=opened(HttpOrganisations, "/trade", turns()),
    )
    places = turns()
    registers = Registers(
        population=opened(HttpPopulation, "", places),
        parental=ByFlow(families=opened(HttpFamilies, "", places)),
        legal=legal,
        patience=patience,
    )
    return Gathering(mandates=door(database), numbers=numbers(database), registers=registers)


@asynccontextmanager
async def demo(database: Database) -> AsyncIterator[Gathered]:
    """Give a gathering over the registers of the demo."""
    async with running(build(Places(home=Path("/nonexistent")))) as url, calling(PATIENCE) as outbound:
        yield Gathered(gathering=gathering(database, outbound, url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bent:
    """A register of which one answer is another: raises, or tells something else."""

    real: Any
    bent: Callable[..., Awaitable[Any]]
    method: str = "find"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the real one has
        """Return its answers, of which one is another."""
        return self.bent if name == self.method else getattr(self.real, name)


def bent(
    found: Gathered, register: str, how: Callable[..., Awaitable[Any]], method: str = "find"
) -> Gathered:
    """Return the same with one register that answers otherwise."""
    registers = found.gathering.registers
    if register == "population":
        other = replace(registers, population=Bent(real=registers.population, bent=how, method=method))
    elif register == "families":
        families = Bent(real=registers.parental.families, bent=how, method=method)  # type: ignore[attr-defined]
        other = replace(registers, parental=ByFlow(families=families))
    else:
        real = getattr(registers.legal, register)
        legal = replace(registers.legal, **{register: Bent(real=real, bent=how, method=method)})
        other = replace(registers, legal=legal)
    return Gathered(gathering=replace(found.gathering, registers=other))
