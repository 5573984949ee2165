"""L19: a no takes the same work whoever it is about, so that its time tells a system nothing (MANDATES-P20).

What is counted is work: what each register is asked, each statement to the store, each unit. A clock would
tell of the machine.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bench.mandates_asked import Watched
from tests.conftest import NOON
from tests.mandates.gathered import SERVICE, Bent, Gathered, demo
from tests.mandates.known import SECRET
from toegang.catalogue.values import IdentityForm
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey
from toegang.mandates.legal.asking import LegalRegisters
from toegang.mandates.legal.parental.asking import ByFlow
from toegang.provider.authzen.asking import Deciding, Understood
from toegang.provider.authzen.naming import Form, Naming
from toegang.provider.authzen.understanding import Purpose, Setting
from toegang.pseudonyms import Pairwise
from toegang.pseudonyms.known import KnownPseudonyms
from toegang.storage import Dialect
from toegang.storage.told_names import ToldNameTable
from toegang.units import Unit, Units

if TYPE_CHECKING:
    from toegang.provider.authzen.asking import Counter
    from toegang.registers.population import Registered
    from toegang.storage import Database

# Which engine keeps it is the same to what is asked.
pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)

FATIMA, JOOST, MAX = (Bsn.parse(each) for each in ("999990238", "999990263", "999990081"))
NOBODY, NOBODY_ELSE = Bsn.parse("123456782"), Bsn.parse("111222333")
THERE = replace(SERVICE, identity=IdentityForm.BSN)


@dataclass
class Counted(Watched):
    """A database that also counts units."""

    begun: int = 0

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """Begin one."""
        self.begun += 1
        return super().begin()

    def units(self) -> Units:
        """Return what begins them."""
        return self


@dataclass(frozen=True, slots=True)
class Noted:
    """A register that notes what it is asked, of whatever person."""

    real: Any
    name: str
    asked: list[str]

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 whatever the real one has
        """Return a method that notes that it is called."""
        self.asked.append(f"{self.name}.{method}")
        return getattr(self.real, method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one question took; `writes` counts units."""

    registers: list[str]
    statements: list[str]
    writes: int
    yes: bool


def deciding(found: Gathered, database: Database, asked: list[str]) -> Deciding:
    """Return what decides, over registers that note what they are asked."""
    real, legal = found.gathering.registers, found.gathering.registers.legal
    registers = replace(
        real,
        population=Noted(real.population, "population", asked),
        parental=ByFlow(families=Noted(cast("ByFlow", real.parental).families, "families", asked)),
        legal=LegalRegisters(
            courts=Noted(legal.courts, "courts", asked),
            estates=Noted(legal.estates, "estates", asked),
            organisations=Noted(legal.organisations, "organisations", asked),
        ),
    )
    gathering = replace(found.gathering, registers=registers)
    pseudonyms = KnownPseudonyms(
        pairwise=Pairwise({1: SECRET}),
        finding=FindingKey.derive(SECRET, "pseudonym"),
        told=ToldNameTable(database),
    )
    naming = Naming(
        scope="hub.example", numbers=gathering.numbers, pseudonyms=pseudonyms, units=database.units()
    )
    return Deciding(
        counter=cast("Counter", None),  # nothing is counted of what is only decided
        naming=naming,
        mandates=gathering.mandates,
        gathering=gathering,
        ids=SystemIds(),
    )


async def work(found: Gathered, database: Counted, actor: Bsn, principal: Bsn) -> Work:
    """Ask whether one may act for the other, and count."""
    asked: list[str] = []
    decides = deciding(found, database, asked)
    form = Form(form=IdentityForm.BSN, service=THERE)
    setting = Setting(service=THERE, level=None, purpose=Purpose.COUNTER)
    both = Understood(setting=setting, actor=(form, actor.digits), principal=(form, principal.digits))
    database.asked, database.begun = [], 0
    *_, permit = await decides.decide(both, NOON)
    return Work(
        registers=sorted(asked),
        statements=sorted(sql for sql, _ in database.asked),
        writes=database.begun,
        yes=permit is not None,
    )


@pytest.mark.requires("MANDATES-P20")
@pytest.mark.parametrize("side", ["principal", "actor"])
async def test_no_mandate_a_protected_person_and_nobody_at_all_are_the_same_work(
    database: Database, side: str
) -> None:
    counted = Counted(database)
    async with demo(counted) as found:
        for person in (FATIMA, JOOST):
            await found.id(person)

        async def asked(who: Bsn, found: Gathered = found) -> Work:
            ends = (FATIMA, who) if side == "principal" else (who, FATIMA)
            return await work(found, counted, *ends)

        await asked(JOOST)  # from now on what registers tell of both is kept
        population = found.gathering.registers.population

        async def secret(bsn: Bsn) -> Registered | None:
            told = await population.find(bsn)
            return None if told is None else replace(told, address_secret=True)

        registers = replace(found.gathering.registers, population=Bent(real=population, bent=secret))
        guarded = Gathered(gathering=replace(found.gathering, registers=registers))
        no_mandate = await asked(JOOST)
        assert not no_mandate.yes
        assert {"population.find", "courts.find"} <= set(no_mandate.registers)
        assert await asked(JOOST, guarded) == no_mandate
        assert await asked(NOBODY) == no_mandate
        assert await asked(MAX) == no_mandate  # whom registers know, and nobody here met
        assert await asked(NOBODY) == no_mandate  # a second time


async def test_who_is_nobody_on_both_sides_is_as_much_work_and_is_kept_nowhere(database: Database) -> None:
    counted = Counted(database)
    async with demo(counted) as found:
        for person in (FATIMA, JOOST):
            await found.id(person)
        await work(found, counted, FATIMA, JOOST)
        known = await work(found, counted, FATIMA, JOOST)
        assert await work(found, counted, NOBODY, NOBODY_ELSE) == known
        assert await found.gathering.numbers.find((NOBODY, NOBODY_ELSE, MAX)) == {}
