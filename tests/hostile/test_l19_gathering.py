"""L19: a register that is silent, slow, lying or at odds with another makes nobody act for anybody."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from demo.places import Party, Places, secret
from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.mandates import builders as b
from tests.mandates.gathered import (
    AHMET,
    CORRIE,
    ELIF,
    FLOWERS,
    GERDA,
    KEES,
    KOMPAS,
    LOTTE,
    SANNE,
    SERVICE,
    TESS,
    WILLEM,
    Gathered,
    bent,
    demo,
    gathering,
)
from tests.mandates.legal.telling import telling
from tests.outbound.servers import party as served
from toegang.catalogue.representation import Power
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.legal.parental.asking import AsRegistered
from toegang.mandates.party import Standing
from toegang.registers.custody_http import HttpCustodyRegister
from toegang.registers.population import BirthDate, Registered
from toegang.storage import Dialect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from toegang.catalogue.values import Service
    from toegang.identity.numbers import KvkNumber
    from toegang.storage import Database

# Nothing here is about how a database keeps it.
pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)

PROPERTY = replace(SERVICE, representation=b.rules(depth=3, powers=(Power.PROPERTY,)))
CARE = replace(SERVICE, representation=b.rules(depth=3, powers=(Power.PERSONAL_CARE,)))
PERMITTED: list[tuple[Bsn, Bsn | KvkNumber, Service, set[str]]] = [
    (SANNE, TESS, SERVICE, {"population", "courts", "families"}),
    (SANNE, FLOWERS, SERVICE, {"population", "courts", "organisations"}),
    (LOTTE, WILLEM, PROPERTY, {"population", "courts"}),
    (KEES, CORRIE, CARE, {"population", "courts"}),
    (AHMET, GERDA, SERVICE, {"population", "courts", "organisations"}),
]
"""Who may act for whom in the demo, and on which registers that rests."""


async def silent(*_: object) -> NoReturn:
    raise Unavailable


async def never(*_: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize("register", ["population", "families", "courts", "estates", "organisations"])
async def test_without_a_register_exactly_what_does_not_rest_on_it_is_left(
    database: Database, register: str
) -> None:
    async with demo(database) as asked:
        down = bent(bent(asked, register, silent), register, silent, "held_by")
        for actor, principal, service, rests_on in PERMITTED:
            assert await asked.allowed(actor, principal, service)
            assert await down.allowed(actor, principal, service) is (register not in rests_on)
            listed = await down.represented(actor, service)
            assert (principal in listed) is (register not in rests_on)


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize("register", ["population", "families", "courts", "organisations"])
async def test_a_register_that_never_answers_is_as_good_as_silent_after_the_patience(
    database: Database, register: str
) -> None:
    async with demo(database) as asked:
        hangs = bent(bent(asked, register, never), register, never, "held_by")
        registers = replace(hangs.gathering.registers, patience=0.3)
        hangs = Gathered(gathering=replace(hangs.gathering, registers=registers))
        for actor, principal, service, rests_on in PERMITTED:
            if register in rests_on:
                async with asyncio.timeout(20):
                    assert not await hangs.allowed(actor, principal, service)


async def test_the_silence_of_the_courts_does_not_forget_a_curatele(database: Database) -> None:
    async with demo(database) as asked:
        await asked.over(GERDA)
        down = bent(asked, "courts", silent)
        await down.over(GERDA)
        gerda = await asked.id(GERDA)
        known = await asked.gathering.mandates.parties.of([gerda])
    assert known[gerda].standing is Standing.UNDER_GUARDIANSHIP


async def test_who_was_never_told_of_by_the_courts_is_not_known_as_able(database: Database) -> None:
    async with demo(database) as asked:
        down = bent(asked, "courts", silent)
        await down.over(WILLEM)
        willem = await asked.id(WILLEM)
        assert await asked.gathering.mandates.parties.of([willem]) == {}


def told(asked: Gathered, **changes: object) -> Callable[[Bsn], Awaitable[Registered | None]]:
    """Answer as the population register does, with changes to a child."""
    real = asked.gathering.registers.population

    async def find(bsn: Bsn) -> Registered | None:
        found = await real.find(bsn)
        return found if found is None or bsn not in {TESS, ELIF} else replace(found, **changes)  # type: ignore[arg-type]

    return find


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": BirthDate.parse("1990-01-01")},
        {"birth_date": BirthDate.parse("0000-00-00")},
        {"deceased_on": NOON.date()},
    ],
)
async def test_registers_that_contradict_each_other_give_no_parent_a_child(
    database: Database, changes: dict[str, object]
) -> None:
    async with demo(database) as asked:
        lying = bent(asked, "population", told(asked, **changes))
        assert not await lying.allowed(SANNE, TESS)
        assert TESS not in await lying.represented(SANNE)


async def test_a_child_that_the_register_does_not_know_is_represented_by_nobody(database: Database) -> None:
    async def unknown(bsn: Bsn) -> Registered | None:
        return None if bsn == TESS else await real.find(bsn)

    async with demo(database) as asked:
        real = asked.gathering.registers.population
        lying = bent(asked, "population", unknown)
        assert not await lying.allowed(SANNE, TESS)
        assert TESS not in await lying.represented(SANNE)


async def test_a_number_that_nobody_has_gives_no_permit_and_no_fault(database: Database) -> None:
    async with demo(database) as asked:
        nobody = Bsn.parse("999990998")
        assert not await asked.allowed(SANNE, nobody)
        assert not await asked.allowed(nobody, TESS)
        assert await asked.represented(nobody) == {}


async def test_a_list_that_names_everybody_gives_what_each_record_says_and_no_more(
    database: Database,
) -> None:
    """A register that says at `held-by` that somebody acts for all of these is not believed."""

    async def everybody(*_: object) -> Any:  # noqa: ANN401 the register's own form
        found = await real.held_by(LOTTE, "", 100)
        return replace(found, parties=(WILLEM, CORRIE, GERDA, KOMPAS, FLOWERS, SANNE), next="")

    async with demo(database) as asked:
        real = asked.gathering.registers.legal.courts
        lying = bent(asked, "courts", everybody, "held_by")
        assert await lying.represented(SANNE, PROPERTY) == await asked.represented(SANNE, PROPERTY)


MEASURE = {
    "number": "X-1",
    "about": SANNE.digits,
    "kind": "curatele",
    "spheres": ["property", "personal-care"],
    "whole": True,
    "pronounced": "2020-01-01",
    "since": "2020-01-01",
    "representatives": [{"party": {"bsn": SANNE.digits}, "since": "2020-01-01"}],
}


async def test_who_is_named_as_their_own_representative_is_nobodys_and_acts_for_nobody(
    database: Database,
) -> None:
    heard: list[str] = []
    answers = {
        "/courts/find": lambda _: {"measures": [MEASURE]},
        "/courts/held-by": lambda _: {"parties": [{"bsn": SANNE.digits}], "next": ""},
    }
    async with demo(database) as asked, served(telling(answers, heard)) as lies, calling() as outbound:
        courts = gathering(database, outbound, lies.url).registers.legal.courts
        lying = bent(bent(asked, "courts", courts.find), "courts", courts.held_by, "held_by")
        assert not await lying.allowed(SANNE, SANNE)
        assert not await lying.allowed(SANNE, TESS)
        assert await lying.represented(SANNE) == {}
    assert "/courts/find" in heard


@pytest.mark.parametrize("kind", ["EenhoofdigOuderlijkGezag", "GezamenlijkOuderlijkGezag", "Voogdij"])
async def test_the_registers_own_answer_gives_no_child_authority_over_itself(
    database: Database, kind: str
) -> None:
    party = {"burgerservicenummer": TESS.digits}
    holders: dict[str, Any] = {
        "EenhoofdigOuderlijkGezag": {"ouder": party},
        "GezamenlijkOuderlijkGezag": {"ouders": [party, {"burgerservicenummer": SANNE.digits}]},
        "Voogdij": {"derden": [party | {"type": "BekendeDerde"}]},
    }
    relation = {
        "type": kind,
        "minderjarige": party | {"geboorte": {"datum": "20180520"}},
        **holders[kind],
    }
    lie = {"personen": [{"burgerservicenummer": each.digits, "gezag": [relation]} for each in (TESS, SANNE)]}
    path = "/api/v1/opvragenbevoegdheidtotgezag"
    async with (
        demo(database) as asked,
        served(telling({path: lambda _: lie}, [])) as lies,
        calling() as outbound,
    ):
        register = HttpCustodyRegister(
            outbound=outbound, clock=FixedClock(NOON), url=lies.url, secret=secret(Party.POPULATION)
        )
        registers = replace(asked.gathering.registers, parental=AsRegistered(register=register))
        lying = Gathered(gathering=replace(asked.gathering, registers=registers))
        assert not await lying.allowed(SANNE, TESS)
        assert not await lying.allowed(TESS, TESS)


async def test_no_number_stands_in_an_address_or_in_the_log(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths: list[str] = []
    app = build(Places(home=tmp_path))

    async def listening(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 ASGI
        paths.append(f"{scope.get('path')}?{scope.get('query_string')}")
        await app(scope, receive, send)

    caplog.set_level(logging.DEBUG)
    async with running(listening) as url, calling() as outbound:  # type: ignore[arg-type]
        asked = Gathered(gathering=gathering(database, outbound, url))
        await asked.represented(AHMET)
        await asked.allowed(AHMET, GERDA)
        broken = Gathered(gathering=gathering(database, outbound, f"{url}/nowhere"))
        await broken.represented(SANNE)
    assert len(paths) > 10
    everything = " ".join([*paths, caplog.text])
    assert not [each for each in (AHMET, GERDA, ELIF, KOMPAS, SANNE) if each.digits in everything]
