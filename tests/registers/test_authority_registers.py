"""The registers of courts, estates and organisations are read strictly; what they cannot say is no answer."""

from __future__ import annotations

import copy
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.demo.running import calling
from tests.outbound.servers import answer, party
from tests.registers.authority_answers import (
    ESTATE,
    KVK,
    MEASURE,
    ORGANISATION,
    OTHER,
    OTHER_KVK,
    PERSON,
    THIRD,
)
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber, Rsin
from toegang.outbound.client import Response
from toegang.registers import courts_http, estates_http, organisations_http
from toegang.registers.courts import MeasureKind, Sphere
from toegang.registers.courts_http import MOST_MEASURES, HttpCourts
from toegang.registers.estates import Choice, Kinship, Will
from toegang.registers.estates_http import HttpEstates
from toegang.registers.organisations import LegalForm, Representing, Standing
from toegang.registers.organisations_http import HttpOrganisations
from toegang.registers.spoken import ANSWER_BYTES, MOST_LISTED, day

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.outbound.client import Outbound

BSN = Bsn.parse(PERSON)
TRADE = KvkNumber.parse(KVK)
REGISTERS = {
    "courts": ("measures", MEASURE),
    "estates": ("estates", ESTATE),
    "organisations": ("organisations", ORGANISATION),
}


def found(which: str, body: object, status: int = 200) -> Any:  # noqa: ANN401 three kinds of answer
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(status=status, headers={}, body=octets)
    if which == "organisations":
        return organisations_http.read(response, TRADE, "register", NOON)
    reading = {"courts": courts_http.read, "estates": estates_http.read}
    return reading[which](response, BSN, "register", NOON)


def bent(which: str, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return an answer in which one thing was changed."""
    listing, good = REGISTERS[which]
    body = copy.deepcopy(good)
    change(body)
    return {listing: [body]}


def put(*path: str | int, value: object) -> Callable[[dict[str, Any]], object]:
    """Put a value at a place in an answer."""

    def change(body: Any) -> None:  # noqa: ANN401 any part of an answer
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = value

    return change


def twice(*path: str) -> Callable[[dict[str, Any]], object]:
    """Put the first of a list in it once more."""

    def change(body: Any) -> None:  # noqa: ANN401 any part of an answer
        for step in path:
            body = body[step]
        body.append(body[0])

    return change


DAYS_THAT_DO_NOT_EXIST = (
    "2026-02-30",
    "2025-02-29",
    "2024-00-10",
    "2024-13-01",
    "20240301",
    "2024-W10-1",
    "",
)
BENT = [
    ("courts", put("about", value=OTHER)),
    ("courts", put("about", value="123456789")),
    ("courts", put("kind", value="guardianship")),
    ("courts", put("spheres", value=["property", "personal-care"])),
    ("courts", put("spheres", value=["soul"])),
    ("courts", put("spheres", value=[])),
    ("courts", put("needed", value=0)),
    ("courts", put("needed", value=11)),
    ("courts", put("needed", value=True)),
    ("courts", put("until", value="2024-03-02")),
    ("courts", put("replaces", value="2024-EB-017")),
    ("courts", put("number", value="")),
    ("courts", put("number", value="a\nb")),
    ("courts", put("number", value="a" * 65)),
    ("courts", put("recordedAt", value="2024-03-05T10:00:00")),
    ("courts", put("recordedAt", value="0001-01-01T00:00:00+14:00")),
    ("courts", put("whole", value="yes")),
    ("courts", put("representatives", 0, "party", value={"bsn": PERSON})),
    ("courts", put("representatives", 0, "party", value={})),
    ("courts", put("representatives", 0, "party", value={"bsn": OTHER, "kvk": KVK})),
    ("courts", put("representatives", 0, "party", value={"kvk": "1234"})),
    ("courts", put("representatives", value=[MEASURE["representatives"][0]] * 11)),
    ("estates", put("deceased", value=OTHER)),
    ("estates", put("will", value="perhaps")),
    ("estates", put("kin", 0, "party", value={"bsn": PERSON})),
    ("estates", put("kin", 0, "kinship", value="friend")),
    ("estates", put("kin", 0, "choice", value="maybe")),
    ("estates", put("kin", 1, "inPlaceOf", value={"bsn": THIRD})),
    ("estates", twice("kin")),
    ("estates", put("executors", 0, "party", value={"bsn": PERSON})),
    ("estates", put("executors", 0, "since", value="2026-05-03")),
    ("estates", put("executorsNeeded", value=0)),
    ("estates", put("certificate", "issued", value="2026-05-03")),
    ("estates", put("settledOn", value="2026-05-04")),
    ("estates", put("authorised", 0, "services", value=[])),
    ("estates", put("authorised", 0, "party", value={"bsn": PERSON})),
    ("estates", put("authorised", 0, "since", value="2026-05-03")),
    ("organisations", put("kvk", value=OTHER_KVK)),
    ("organisations", put("rsin", value="900000005")),
    ("organisations", put("name", value=" ")),
    ("organisations", put("name", value="Voor\u0000beeld")),
    ("organisations", put("form", value="club")),
    ("organisations", put("standing", value="fine")),
    ("organisations", put("standing", value="merged")),
    ("organisations", put("into", value=OTHER_KVK)),
    ("organisations", put("standingSince", value="2019-01-06")),
    ("organisations", put("officials", 0, "role", value="king")),
    ("organisations", put("officials", 0, "representing", value="sometimes")),
    ("organisations", put("officials", 0, "needed", value=1)),
    ("organisations", put("officials", 1, "needed", value=2)),
    ("organisations", put("officials", 1, "most", value=0)),
    ("organisations", put("officials", 1, "most", value=10**15)),
    ("organisations", put("officials", 1, "party", value={"kvk": KVK})),
    ("organisations", put("proxies", 0, "branch", value="000000000002")),
    ("organisations", put("proxies", 0, "branch", value="12")),
    ("organisations", put("proxies", 0, "party", value={"kvk": KVK})),
    ("organisations", twice("branches")),
    ("organisations", put("officials", value=[ORGANISATION["officials"][0]] * (MOST_LISTED + 1))),
    *(("courts", put("since", value=text)) for text in DAYS_THAT_DO_NOT_EXIST),
    *(("estates", put("diedOn", value=text)) for text in DAYS_THAT_DO_NOT_EXIST),
    *(("organisations", put("officials", 0, "since", value=text)) for text in DAYS_THAT_DO_NOT_EXIST),
]


@pytest.mark.parametrize(("which", "change"), BENT)
def test_what_cannot_be_is_no_answer(which: str, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Unavailable) as refused:
        found(which, bent(which, change))
    said = f"{refused.value!r} {refused.value.__cause__!r}"
    assert not any(number in said for number in (PERSON, OTHER, THIRD, KVK, "Voorbeeld"))


@pytest.mark.parametrize("which", REGISTERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"more": ' + b"[" * 2_000,
        {},
        {"measures": None, "estates": None, "organisations": None},
    ],
)
def test_another_form_than_agreed_is_no_answer(which: str, body: object) -> None:
    with pytest.raises(Unavailable):
        found(which, body)


@pytest.mark.parametrize("which", REGISTERS)
@pytest.mark.parametrize("status", [204, 401, 404, 500])
def test_another_status_does_not_mean_that_there_is_nothing(which: str, status: int) -> None:
    with pytest.raises(Unavailable):
        found(which, {REGISTERS[which][0]: []}, status)


@pytest.mark.parametrize("which", ["estates", "organisations"])
def test_two_where_one_was_asked_is_no_answer(which: str) -> None:
    listing, good = REGISTERS[which]
    with pytest.raises(Unavailable):
        found(which, {listing: [good, good]})
    assert found(which, {listing: []}) is None


def test_orders_have_a_number_of_their_own_and_an_end_to_their_list() -> None:
    many = [MEASURE | {"number": f"n-{each}"} for each in range(MOST_MEASURES + 1)]
    for measures in ([MEASURE, MEASURE], many):
        with pytest.raises(Unavailable):
            found("courts", {"measures": measures})
    assert (found("courts", {"measures": []})).measures == ()
    assert len((found("courts", {"measures": many[1:]})).measures) == MOST_MEASURES


def test_what_the_registers_tell_carries_source_and_time() -> None:
    told = found("courts", {"measures": [MEASURE]})
    (measure,) = told.measures
    assert (measure.kind, measure.spheres) == (MeasureKind.BEWIND, {Sphere.PROPERTY})
    assert (measure.since, measure.until, measure.needed) == (date(2024, 3, 2), None, None)
    assert measure.representatives[0].party == TRADE
    assert measure.recorded_at.isoformat() == "2024-03-05T09:00:00+00:00"
    assert told.as_of == NOON
    assert told.source == "register"
    estate = found("estates", {"estates": [ESTATE]})
    assert (estate.will, estate.kin[0].kinship, estate.kin[1].choice) == (
        Will.MADE,
        Kinship.CHILD,
        Choice.OPEN,
    )
    assert estate.certificate.heirs == {Bsn.parse(OTHER)}
    assert estate.authorised[0].services == {"tax"}
    assert estate.as_of == NOON
    organisation = found("organisations", {"organisations": [ORGANISATION]})
    assert (organisation.form, organisation.standing) == (LegalForm.PRIVATE_COMPANY, Standing.ACTIVE)
    assert organisation.rsin == Rsin.parse("900000004")
    assert [each.representing for each in organisation.officials] == [
        Representing.TOGETHER,
        Representing.ALONE,
    ]
    assert organisation.proxies[0].most == 5_000_00
    assert organisation.as_of == NOON


def over_http(which: str, outbound: Outbound, url: str) -> HttpCourts | HttpEstates | HttpOrganisations:
    clock, secret = FixedClock(NOON), "obviously-fake"
    if which == "courts":
        return HttpCourts(outbound=outbound, clock=clock, url=url, secret=secret)
    if which == "estates":
        return HttpEstates(outbound=outbound, clock=clock, url=url, secret=secret)
    return HttpOrganisations(outbound=outbound, clock=clock, url=url, secret=secret)


@pytest.mark.parametrize("which", REGISTERS)
async def test_an_answer_without_end_is_no_answer(which: str) -> None:
    async with party(answer(b" " * (ANSWER_BYTES + 1))) as seen, calling() as outbound:
        asked = over_http(which, outbound, seen.url)
        with pytest.raises(Unavailable):
            await (asked.find(TRADE) if isinstance(asked, HttpOrganisations) else asked.find(BSN))
    assert b"authorization: Bearer obviously-fake" in seen.requests[0]
    assert PERSON.encode() not in seen.requests[0]


async def test_for_whom_somebody_acts_is_told_in_parts_that_end() -> None:
    parts: list[tuple[dict[str, Any], bool]] = [
        ({"parties": [{"bsn": OTHER}, {"kvk": KVK}], "next": "3"}, True),
        ({"parties": [{"bsn": OTHER}] * 3, "next": ""}, False),
        ({"parties": [], "next": "n" * 201}, False),
        ({"parties": [], "next": "2"}, False),
        ({"parties": [{"bsn": "1"}], "next": ""}, False),
        ({"parties": []}, False),
    ]
    async with calling() as outbound:
        for which, (body, good) in zip(tuple(REGISTERS) * 2, parts, strict=True):
            async with party(answer(json.dumps(body).encode())) as seen:
                asked = over_http(which, outbound, seen.url)
                if good:
                    told = await asked.held_by(BSN, "2", 2)
                    assert (told.parties, told.next) == ((Bsn.parse(OTHER), TRADE), "3")
                else:
                    with pytest.raises(Unavailable):
                        await asked.held_by(BSN, "2", 2)
            assert re.findall(rb"POST (\S+) HTTP", b"".join(seen.requests)) == [b"/held-by"]


@given(st.dates(date(1800, 1, 1), date(9000, 12, 31)))
@settings(max_examples=50)
def test_every_day_that_exists_is_read(one: date) -> None:
    assert day(one.isoformat()) == one
