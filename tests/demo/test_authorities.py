"""The registers of the demo say who acts for whom, and the hub derives from them what their stories tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from demo import hospital, municipality
from demo.authorities import read_authorities
from demo.personas import read_personas
from demo.places import Party, Places, secret
from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.asking import LegalRegisters
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.estate import for_service
from toegang.mandates.legal.rules import Rule
from toegang.registers.courts_http import HttpCourts
from toegang.registers.estates_http import HttpEstates
from toegang.registers.organisations_http import HttpOrganisations
from toegang.registers.population_http import HttpPopulation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.mandates.legal.authority import Authority
    from toegang.outbound.client import Outbound

PLACES = Places(home=Path("/nonexistent"))
PEOPLE = {persona.id: Bsn.parse(persona.bsn) for persona in read_personas()}
SANNE, AHMET, NADIA, KEES, LOTTE = (PEOPLE[name] for name in ("sanne", "ahmet", "nadia", "kees", "lotte"))
GERDA, WILLEM, CORRIE, DIRK, ELS, BRAM, JAN, RIET = (
    Bsn.parse(f"9999910{rest}") for rest in ("00", "12", "24", "36", "48", "61", "73", "85")
)
KOMPAS, FLOWERS, ADVICE, WORKSHOP, DISSOLVED, SAILS, HOLDING = (
    KvkNumber.parse(f"90000{each}0{each}") for each in range(1, 8)
)
MOVING = municipality.REGISTRATION.offers[1].id


def registers(outbound: Outbound, url: str, shown: str = secret(Party.POPULATION)) -> LegalRegisters:
    clock = FixedClock(NOON)
    return LegalRegisters(
        courts=HttpCourts(outbound=outbound, clock=clock, url=f"{url}/courts", secret=shown),
        estates=HttpEstates(outbound=outbound, clock=clock, url=f"{url}/estates", secret=shown),
        organisations=HttpOrganisations(outbound=outbound, clock=clock, url=f"{url}/trade", secret=shown),
    )


def told(found: Iterable[Authority]) -> list[tuple[Any, Basis, int]]:
    return [(each.holder, each.basis, each.together.needed) for each in found]


async def test_the_courts_of_the_demo() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        asked = registers(outbound, url)
        gerda = await asked.for_person(GERDA, NOON)
        assert told(gerda.acting.authorities) == [(KOMPAS, Basis.CURATELE, 1)]
        assert gerda.acting.nothing == (Rule.COURT_CURATELE_TAKES_OVER,)
        assert not gerda.own.may_grant()
        expected = {
            WILLEM: [(LOTTE, Basis.BEWIND, 1)],
            CORRIE: [(KEES, Basis.MENTORSHIP, 1)],
            DIRK: [(KOMPAS, Basis.PROVISIONAL_BEWIND, 1)],
            ELS: [(SANNE, Basis.BEWIND, 2), (NADIA, Basis.BEWIND, 2)],
            BRAM: [],
            SANNE: [],
        }
        for person, who in expected.items():
            assert told((await asked.for_person(person, NOON)).acting.authorities) == who
        assert (await asked.for_person(BRAM, NOON)).acting.undetermined == (Rule.COURT_CONCURRENT,)


async def test_the_estates_of_the_demo() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        asked = registers(outbound, url)
        jan = await asked.for_estate(JAN, NOON)
        assert told(jan.authorities) == [(KEES, Basis.EXECUTOR, 1)]
        riet = await asked.for_estate(RIET, NOON)
        assert told(for_service(riet, MOVING, exclusive=True).authorities) == [
            (LOTTE, Basis.AUTHORISED_HEIR, 1)
        ]
        results = hospital.REGISTRATION.offers[1].id
        assert for_service(riet, results, exclusive=True).undetermined == (Rule.ESTATE_ONE_PARTY,)
        assert {each.together.needed for each in riet.authorities if each.basis is Basis.HEIR} == {3}
        assert (await asked.for_estate(SANNE, NOON)).nothing == (Rule.ESTATE_NOT_OPEN,)


async def test_the_organisations_of_the_demo() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        asked = registers(outbound, url)
        expected = {
            KOMPAS: [(AHMET, Basis.DIRECTOR_SOLE, 1)],
            FLOWERS: [(SANNE, Basis.DIRECTOR_SOLE, 1), (LOTTE, Basis.PROXY, 1)],
            ADVICE: [(NADIA, Basis.DIRECTOR_JOINT, 2), (KEES, Basis.DIRECTOR_JOINT, 2)],
            WORKSHOP: [(LOTTE, Basis.DIRECTOR_LIMITED, 1)],
            DISSOLVED: [],
            SAILS: [(SANNE, Basis.DIRECTOR_SOLE, 1), (HOLDING, Basis.DIRECTOR_SOLE, 1)],
            HOLDING: [(SANNE, Basis.DIRECTOR_SOLE, 1)],
        }
        for kvk, who in expected.items():
            assert told((await asked.for_organisation(kvk, NOON)).authorities) == who
        assert await asked.together(SAILS, frozenset({SANNE}), NOON)
        assert not await asked.together(SAILS, frozenset({AHMET}), NOON)
        assert not await asked.together(ADVICE, frozenset({NADIA}), NOON)
        assert await asked.together(ADVICE, frozenset({NADIA, KEES}), NOON)
        assert not await asked.together(WORKSHOP, frozenset({LOTTE}), NOON)
        assert await asked.together(WORKSHOP, frozenset({LOTTE}), NOON, 10_000_00)
        assert not await asked.together(DISSOLVED, frozenset({SANNE}), NOON)


async def test_for_whom_somebody_acts_is_found_in_all_registers_and_in_parts() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        asked = registers(outbound, url)
        found = await asked.candidates(LOTTE)
        assert found.complete
        assert set(found.parties) == {WILLEM, RIET, FLOWERS, WORKSHOP}
        assert set((await asked.candidates(KOMPAS)).parties) == {GERDA, DIRK, BRAM}
        first = await asked.organisations.held_by(SANNE, "", 2)
        rest = await asked.organisations.held_by(SANNE, first.next, 2)
        assert (*first.parties, *rest.parties, rest.next) == (FLOWERS, DISSOLVED, HOLDING, "")


async def test_a_stranger_is_refused_at_each_register() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        asked = registers(outbound, url, "obviously-wrong")
        for find in (asked.courts.find(GERDA), asked.estates.find(JAN), asked.organisations.find(KOMPAS)):
            with pytest.raises(Unavailable, match="401"):
                await find
        assert not (await asked.candidates(SANNE)).complete


async def test_everybody_of_the_stories_is_known_and_shown_and_obviously_made_up() -> None:
    found = read_authorities()
    known = set(found.people) | {persona.bsn for persona in read_personas()}
    assert set(re.findall(r"'bsn': '(\d+)'", str(found.listed))) <= known
    assert all("(nep)" in each["name"] for each in found.listed["organisations"])
    async with running(build(PLACES)) as url, calling() as outbound:
        population = HttpPopulation(
            outbound=outbound, clock=FixedClock(NOON), url=url, secret=secret(Party.POPULATION)
        )
        for person in (GERDA, JAN):
            assert await population.find(person) is not None
        async with httpx2.AsyncClient() as client:
            pages = {
                lang: (await client.get(f"{url}/authorities?language={lang}")).text for lang in ("nl", "en")
            }
    for listing in found.stories.values():
        for story in listing:
            for lang, page in pages.items():
                assert story[lang].replace("'", "&#39;") in page
