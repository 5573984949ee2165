"""The register is read strictly, unknown parts of a date are never guessed, and the BSN stays inside."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.personas import read_personas
from demo.places import Party, Places, secret
from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.outbound.servers import answer, party
from toegang.clock import FixedClock
from toegang.errors import PersonNotFound, Unavailable
from toegang.identity.numbers import Bsn
from toegang.outbound.client import Response
from toegang.registers.population import BirthDate, match, parse_postcode
from toegang.registers.population_http import HttpPopulation, read

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound

PERSONAS = {persona.id: persona for persona in read_personas()}
SANNE = PERSONAS["sanne"]
BSN = Bsn.parse(SANNE.bsn)
UNKNOWN = Bsn.parse("999990275")
PLACES = Places(home=Path("/nonexistent"))


def asked(body: object, status: int = 200) -> object:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(Response(status=status, headers={}, body=octets), BSN, "register", NOON)


def person(**changes: object) -> dict[str, Any]:
    return SANNE.record | changes


ADDRESS = SANNE.record["address"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"more": ' + b"[" * 2_000,
        b'{"persons": [',
        {},
        {"persons": None},
        {"persons": [person(), person()]},
        {"persons": [person(bsn="999990032")]},
        {"persons": [person(bsn=999990019)]},
        {"persons": [person(birthDate="12-04-1988")]},
        {"persons": [person(birthDate="1988-02-30")]},
        {"persons": [person(birthDate="1988-00-12")]},
        {"persons": [person(names={"given": "Sanne"})]},
        {"persons": [person(names={"full": ""})]},
        {"persons": [person(names={"full": "Sanne\n\nX-Header: 1"})]},
        {"persons": [person(names={"full": "x" * 601})]},
        {"persons": [person(resident="true")]},
        {"persons": [person(deceasedOn="yesterday")]},
        {"persons": [person(address=ADDRESS | {"postcode": "0123 AB"})]},
        {"persons": [person(address=ADDRESS | {"houseNumber": "12"})]},
        {"persons": [person(address=ADDRESS | {"houseNumber": 0})]},
    ],
)
def test_whatever_is_not_exactly_as_agreed_is_no_answer(body: object) -> None:
    with pytest.raises(Unavailable) as refused:
        asked(body)
    assert "Sanne" not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize("status", [204, 302, 401, 404, 500])
def test_another_status_is_no_answer_and_never_means_that_somebody_does_not_exist(status: int) -> None:
    with pytest.raises(Unavailable):
        asked({"persons": []}, status)


def test_nobody_is_an_answer() -> None:
    assert asked({"persons": []}) is None


def test_members_that_are_not_agreed_are_not_read() -> None:
    assert asked({"persons": [person(religion="none of our business")], "more": 1}) is not None


@pytest.mark.parametrize(
    "text", ["", "1988", "88-01-01", "1988-13-01", "1900-02-29", "0000-01-00", "1988-1-1"]
)
def test_what_is_no_birth_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        BirthDate.parse(text)


@pytest.mark.parametrize(
    ("text", "years", "on", "old_enough"),
    [
        ("2009-03-01", 18, date(2027, 3, 1), True),
        ("2009-03-02", 18, date(2027, 3, 1), False),
        ("2008-02-29", 19, date(2027, 2, 28), False),
        ("2008-02-29", 19, date(2027, 3, 1), True),
        ("2009-03-00", 18, date(2027, 3, 30), False),
        ("2009-03-00", 18, date(2027, 3, 31), True),
        ("2009-12-00", 18, date(2027, 12, 31), True),
        ("2009-00-00", 18, date(2027, 12, 30), False),
        ("0000-00-00", 18, date(2027, 3, 1), False),
    ],
)
def test_somebody_is_of_age_only_when_that_is_sure(text: str, years: int, on: date, old_enough: bool) -> None:
    assert BirthDate.parse(text).is_at_least(years, on) is old_enough


@given(st.dates())
def test_a_birth_date_is_written_as_it_was_read(day: date) -> None:
    assert str(BirthDate.parse(day.isoformat())) == day.isoformat()


@pytest.mark.parametrize("text", ["", "1234", "0123 AB", "1234 A1", "1234  AB", "٢٢٣٤ AB", "1234 ÄB"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="postcode"):
        parse_postcode(text)


def test_a_postcode_has_one_form() -> None:
    assert {parse_postcode(text) for text in ("1234ab", " 1234 AB ", "1234 Ab")} == {"1234 AB"}


def register(outbound: Outbound, url: str, shown: str = secret(Party.POPULATION)) -> HttpPopulation:
    return HttpPopulation(outbound=outbound, clock=FixedClock(NOON), url=url, secret=shown)


async def test_a_register_that_does_not_know_us_is_unavailable() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        with pytest.raises(Unavailable, match="401"):
            await register(outbound, url, "obviously wrong").find(BSN)


async def test_a_bsn_is_never_in_an_address() -> None:
    async with party(answer(b'{"persons": []}')) as seen, calling() as outbound:
        await register(outbound, seen.url).find(BSN)
    assert SANNE.bsn.encode() not in seen.requests[0]


@pytest.mark.parametrize(
    ("birth", "postcode", "number", "bsn"),
    [
        ("1988-04-13", "1234 AB", 12, BSN),
        ("1988-04-12", "1234 AC", 12, BSN),
        ("1988-04-12", "1234 AB", 13, BSN),
        ("1988-04-12", "1234 AB", 12, UNKNOWN),
        ("1957-03-03", "1234 AB", 12, Bsn.parse(PERSONAS["pieter"].bsn)),
    ],
)
async def test_one_particular_that_differs_is_nobody(
    birth: str, postcode: str, number: int, bsn: Bsn
) -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        with pytest.raises(PersonNotFound):
            await match(
                register(outbound, url),
                bsn=bsn,
                birth_date=BirthDate.parse(birth),
                postcode=postcode,
                house_number=number,
            )


async def test_all_particulars_together_are_the_person_with_source_and_time() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        found = await match(
            register(outbound, url),
            bsn=BSN,
            birth_date=BirthDate.parse("1988-04-12"),
            postcode="1234 AB",
            house_number=12,
        )
    assert found.names.full == "Sanne Maria de Jong"
    assert (found.source, found.as_of) == (url, NOON)
    assert found.address is not None
    assert found.address.lines() == ("Dorpsstraat 12", "1234 AB  Zandermeer")


async def test_the_register_of_the_demo_knows_its_seventeen_people_as_agreed() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        found = [await register(outbound, url).find(Bsn.parse(persona.bsn)) for persona in PERSONAS.values()]
    known = [person for person in found if person is not None]
    assert len(known) == 17
    assert [person.deceased_on for person in known if person.deceased_on] == [date(2026, 1, 15)]
    assert [person.names.full for person in known if not person.resident] == ["Pieter Jan Smit"]
    assert [person.names.full for person in known if person.address_secret] == ["Nadia el Amrani"]
    assert [person.names.family for person in known if not person.names.given] == ["Suharti"]
