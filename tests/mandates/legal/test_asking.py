"""Registers that are silent, lie or never end give nobody authority, and take none from what others say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo.running import calling
from tests.mandates.legal.facts import ANN, AT, BEFORE, FIRM, HOLDING, LATER, PERSON, TOP
from tests.outbound.servers import answer, party
from tests.registers.authority_answers import ESTATE, MEASURE, ORGANISATION
from toegang.clock import FixedClock
from toegang.identity.numbers import KvkNumber
from toegang.mandates.legal.asking import MOST_HOLDINGS, MOST_PART, MOST_PARTS, LegalRegisters
from toegang.mandates.legal.authority import EVERYTHING
from toegang.mandates.legal.rules import Rule
from toegang.registers.courts_http import HttpCourts
from toegang.registers.estates_http import HttpEstates
from toegang.registers.organisations_http import HttpOrganisations

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from toegang.outbound.client import Outbound

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


def registers(outbound: Outbound, url: str) -> LegalRegisters:
    clock = FixedClock(AT)
    return LegalRegisters(
        courts=HttpCourts(outbound=outbound, clock=clock, url=f"{url}/courts", secret=""),
        estates=HttpEstates(outbound=outbound, clock=clock, url=f"{url}/estates", secret=""),
        organisations=HttpOrganisations(outbound=outbound, clock=clock, url=f"{url}/trade", secret=""),
    )


def telling(answers: Mapping[str, Callable[[dict[str, Any]], object]], heard: list[str]) -> Behaviour:
    """Answer each path by a function of what was asked; another path with 503."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode().lower():
            length = int(head.split("content-length: ")[1].split("\r\n")[0])
            asked = json.loads(await reader.readexactly(length))
            path = head.split(" ")[1]
            heard.append(path)
            told = answers[path](asked) if path in answers else None
            body = b"" if told is None else json.dumps(told).encode()
            status = "503 Out" if told is None else "200 OK"
            writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()

    return behave


def director(kvk: str, *parties: dict[str, str]) -> dict[str, Any]:
    usual: dict[str, Any] = {"role": "director", "representing": "alone", "since": BEFORE.isoformat()}
    officials = [usual | {"party": each} for each in parties]
    return {"organisations": [ORGANISATION | {"kvk": kvk, "officials": officials, "proxies": []}]}


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


@pytest.mark.parametrize(
    "lie",
    [
        {"measures": [MEASURE | {"about": "999990032"}]},
        {"measures": [MEASURE | {"since": "2026-02-30"}]},
        {"measures": [MEASURE | {"kind": "everything"}]},
        {"measures": [MEASURE] * 2},
        {"estates": [ESTATE | {"deceased": "999990032"}]},
        {"organisations": [ORGANISATION | {"kvk": "90000099"}]},
    ],
)
async def test_p25_a_register_that_lies_is_silent(lie: dict[str, Any]) -> None:
    paths = ("/courts/find", "/estates/find", "/trade/find")
    async with party(telling({path: lambda _: lie for path in paths}, [])) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        assert (await asked.for_person(PERSON, AT)).acting.undetermined == (Rule.SOURCE_SILENT,)
        assert (await asked.for_estate(PERSON, AT)).undetermined == (Rule.SOURCE_SILENT,)
        assert (await asked.for_organisation(FIRM, AT)).undetermined == (Rule.SOURCE_SILENT,)


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


async def test_a_loop_of_holdings_is_walked_once_and_gives_nobody_anything() -> None:
    following = {FIRM.digits: HOLDING, HOLDING.digits: TOP, TOP.digits: FIRM}
    answers = {
        "/trade/find": lambda asked: director(asked["kvk"], {"kvk": following[asked["kvk"]].digits}),
    }
    heard: list[str] = []
    async with party(telling(answers, heard)) as seen, calling() as outbound:
        assert not await registers(outbound, seen.url).together(FIRM, frozenset({ANN}), AT)
    assert len(heard) == len(following)


async def test_holdings_without_end_are_followed_no_further_than_is_bounded() -> None:
    def next_one(asked: dict[str, Any]) -> object:
        one = int(asked["kvk"])
        return director(asked["kvk"], *({"kvk": f"{one * 3 + each}"} for each in range(1, 4)))

    heard: list[str] = []
    async with party(telling({"/trade/find": next_one}, heard)) as seen, calling() as outbound:
        first = KvkNumber("10000000")
        assert not await registers(outbound, seen.url).together(first, frozenset({ANN}), AT)
    assert len(heard) <= MOST_HOLDINGS


async def test_a_list_that_never_ends_is_read_no_further_than_is_bounded() -> None:
    def part(asked: dict[str, Any]) -> object:
        after = int(asked["after"] or 0)
        return {
            "parties": [{"kvk": f"{10_000_000 + after + each}"} for each in range(MOST_PART)],
            "next": f"{after + MOST_PART}",
        }

    answers = {f"/{register}/held-by": part for register in ("courts", "estates", "trade")}
    heard: list[str] = []
    async with party(telling(answers, heard)) as seen, calling() as outbound:
        found = await registers(outbound, seen.url).candidates(ANN)
    assert not found.complete
    assert len(found.parties) == MOST_PART * MOST_PARTS
    assert len(heard) == MOST_PARTS * len(answers)


async def test_a_death_ends_the_measure_that_the_court_still_has() -> None:
    answers = {"/courts/find": lambda _: {"measures": [MEASURE | {"about": PERSON.digits}]}}
    async with party(telling(answers, [])) as seen, calling() as outbound:
        asked = registers(outbound, seen.url)
        alive = await asked.for_person(PERSON, AT)
        dead = await asked.for_person(PERSON, AT, died_on=LATER)
    assert len(alive.acting.authorities) == 1
    assert (dead.acting.authorities, dead.acting.nothing) == ((), (Rule.COURT_ENDED_BY_DEATH,))
