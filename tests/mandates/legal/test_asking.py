"""Registers that are silent, lie or never end give nobody authority, and take none from what others say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.demo.running import calling
from tests.mandates.legal.facts import ANN, AT, FIRM, LATER, PERSON
from tests.mandates.legal.telling import director, registers, telling
from tests.outbound.servers import answer, party
from tests.registers.authority_answers import MEASURE
from toegang.mandates.legal.authority import EVERYTHING
from toegang.mandates.legal.rules import Rule

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


async def test_p25_a_register_that_is_silent_gives_nothing_and_says_so() -> None:
    async with party(answer(b"", status="503 Out")) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        person = await asked.for_person(PERSON, AT)
        assert (person.acting.authorities, person.acting.undetermined) == ((), (Rule.SOURCE_SILENT,))
        assert not person.own.may_grant(EVERYTHING)
        assert not person.own.granted_in_time(AT)
        for told in (await asked.for_estate(PERSON, AT), await asked.for_organisation(FIRM, AT)):
            assert (told.authorities, told.undetermined) == ((), (Rule.SOURCE_SILENT,))
        assert not await asked.together(FIRM, frozenset({ANN}), AT)
        found = await asked.candidates(ANN)
        assert (found.parties, found.complete) == ((), False)


async def test_one_silent_register_takes_nothing_from_what_another_says() -> None:
    answers = {
        "/trade/find": lambda asked: director(asked["kvk"], {"bsn": ANN.digits}),
        "/trade/held-by": lambda _: {"parties": [{"kvk": FIRM.digits}], "next": ""},
    }
    async with party(telling(answers, [])) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        assert [each.holder for each in (await asked.for_organisation(FIRM, AT)).authorities] == [ANN]
        assert await asked.together(FIRM, frozenset({ANN}), AT)
        found = await asked.candidates(ANN)
        assert (found.parties, found.complete) == ((FIRM,), False)


async def test_nobody_there_is_told_apart_from_a_silent_register() -> None:
    answers: dict[str, Callable[[dict[str, Any]], object]] = {
        "/courts/find": lambda _: {"measures": []},
        "/estates/find": lambda _: {"estates": []},
        "/trade/find": lambda _: {"organisations": []},
    }
    async with party(telling(answers, [])) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        person = await asked.for_person(PERSON, AT)
        assert (person.acting.undetermined, person.own.may_grant()) == ((), True)
        assert (await asked.for_estate(PERSON, AT)).nothing == (Rule.ESTATE_NOT_OPEN,)
        assert (await asked.for_organisation(FIRM, AT)).nothing == (Rule.ORGANISATION_UNREGISTERED,)


async def test_a_death_ends_the_measure_that_the_court_still_has() -> None:
    answers = {"/courts/find": lambda _: {"measures": [MEASURE | {"about": PERSON.digits}]}}
    async with party(telling(answers, [])) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        alive = await asked.for_person(PERSON, AT)
        dead = await asked.for_person(PERSON, AT, died_on=LATER)
    assert len(alive.acting.authorities) == 1
    assert (dead.acting.authorities, dead.acting.nothing) == ((), (Rule.COURT_ENDED_BY_DEATH,))
