"""Families and the register's own answer are read strictly; whom it is about is never in an address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NOON
from tests.demo.running import calling
from tests.mandates.legal.families import ANNA, BRAM, CARO, MILA, number
from tests.outbound.servers import answer, party
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.registers.custody import Custody, Relation
from toegang.registers.custody_http import HttpCustodyRegister
from toegang.registers.families import Award, Deed, Part, PartialDate, Record, Sex
from toegang.registers.families_http import HttpFamilies

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn
    from toegang.outbound.client import Outbound

PARENT = {"bsn": ANNA.digits, "named": True, "sex": "female", "since": "2020-05-04", "deeds": ["birth"]}
UNION = {"partner": BRAM.digits, "began": "2018-06-01", "ended": None, "end": None}
RULING = {"award": "D", "since": "2022-01-10", "thirds": [CARO.digits]}
RECORD: dict[str, Any] = {
    "bsn": MILA.digits,
    "born": "2020-05-00",
    "native": True,
    "resident": True,
    "settled": None,
    "deceased": None,
    "curatele": None,
    "declaredAdult": None,
    "deeds": ["birth", "recognition"],
    "first": PARENT,
    "second": None,
    "unions": [],
    "rulings": [RULING],
    "children": [],
    "wards": [],
    "investigated": ["custody"],
}
MINOR = {"burgerservicenummer": MILA.digits, "geboorte": {"datum": "20200500"}}
FATHER, MOTHER, THIRD = ({"burgerservicenummer": bsn.digits, "naam": {}} for bsn in (BRAM, ANNA, CARO))
KNOWN, UNKNOWN = THIRD | {"type": "BekendeDerde"}, {"type": "OnbekendeDerde"}
JOINT: dict[str, Any] = {"type": Relation.JOINT, "minderjarige": MINOR, "ouders": [FATHER, MOTHER]}


def families(outbound: Outbound, url: str) -> HttpFamilies:
    return HttpFamilies(outbound=outbound, clock=FixedClock(NOON), url=url, secret="obviously fake")


def custody(outbound: Outbound, url: str) -> HttpCustodyRegister:
    return HttpCustodyRegister(outbound=outbound, clock=FixedClock(NOON), url=url, secret="obviously fake")


async def found(body: object) -> Record:
    async with party(answer(json.dumps(body).encode())) as seen, calling() as outbound:
        records = await families(outbound, seen.url).find(frozenset({MILA}))
    return records.people[MILA]


async def told(*relations: object, about: Bsn = MILA) -> tuple[Custody, ...]:
    body = {"personen": [{"burgerservicenummer": about.digits, "gezag": relations}]}
    async with party(answer(json.dumps(body).encode())) as seen, calling() as outbound:
        answers = await custody(outbound, seen.url).find(frozenset({about}))
    return answers.about[about]


UNREADABLE = [
    {},
    [],
    {"records": None},
    {"records": [RECORD, RECORD]},
    {"records": [RECORD | {"bsn": ANNA.digits, "first": None}]},
    *({"records": [{name: value for name, value in RECORD.items() if name != left}]} for left in RECORD),
    *(
        {"records": [RECORD | changed]}
        for changed in (
            {"bsn": "123456789"},
            {"born": "2020-13-01"},
            {"born": "9999-01-01"},
            {"born": "1066-01-01"},
            {"resident": "true"},
            {"native": 1},
            {"deceased": "yesterday"},
            {"deeds": ["birth certificate"]},
            {"first": PARENT | {"bsn": MILA.digits}},
            {"first": PARENT | {"named": False}},
            {"first": PARENT | {"sex": "F"}},
            {"children": [MILA.digits]},
            {"children": ["1"]},
            {"wards": [ANNA.digits] * 201},
            {"unions": [UNION | {"partner": MILA.digits}]},
            {"unions": [UNION | {"ended": "2018-05-31"}]},
            {"unions": [UNION | {"end": "divorce"}]},
            {"unions": [UNION | {"ended": "2019-01-01", "end": "boredom"}]},
            {"rulings": [RULING | {"award": "1"}]},
            {"rulings": [RULING | {"award": "12D"}]},
            {"rulings": [RULING | {"since": ""}]},
            {"investigated": ["everything"]},
        )
    ),
]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_a_record_that_is_not_exactly_as_agreed_is_no_answer(body: object) -> None:
    with pytest.raises(Unavailable, match="another form") as refused:
        await found(body)
    assert "9999" not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize(
    "relation",
    [
        {},
        JOINT | {"type": "TweehoofdigOuderlijkGezag"},
        JOINT | {"ouders": [FATHER]},
        JOINT | {"ouders": [FATHER, FATHER]},
        JOINT | {"ouders": [FATHER, MOTHER, THIRD]},
        JOINT | {"ouders": [FATHER, MINOR]},
        JOINT | {"ouder": FATHER},
        JOINT | {"inOnderzoek": "true"},
        JOINT | {"minderjarige": {"burgerservicenummer": MILA.digits, "geboorte": {"datum": "2020-05-04"}}},
        JOINT | {"minderjarige": {"burgerservicenummer": "0"}},
        {"type": Relation.SOLE, "minderjarige": MINOR},
        {"type": Relation.SOLE, "minderjarige": MINOR, "ouder": FATHER, "derde": KNOWN},
        {"type": Relation.WITH_THIRD, "minderjarige": MINOR, "ouder": FATHER},
        {"type": Relation.WITH_THIRD, "minderjarige": MINOR, "ouder": FATHER, "derde": THIRD},
        {"type": Relation.WITH_THIRD, "minderjarige": MINOR, "ouder": FATHER, "derde": THIRD | UNKNOWN},
        {"type": Relation.GUARDIANSHIP, "minderjarige": MINOR, "derden": [FATHER, MOTHER, THIRD]},
        {"type": Relation.NONE_FOR_NOW, "minderjarige": MINOR, "ouder": FATHER},
        {"type": Relation.UNDETERMINED, "minderjarige": MINOR, "ouders": [FATHER, MOTHER]},
    ],
)
@pytest.mark.requires("GEZAG")
async def test_a_relation_that_is_not_as_its_type_is_no_answer(relation: object) -> None:
    with pytest.raises(Unavailable, match="another form") as refused:
        await told(relation)
    assert "9999" not in f"{refused.value!r} {refused.value.__cause__!r}"


async def test_a_relation_of_others_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        await told(JOINT, about=CARO)


@pytest.mark.parametrize("status", [204, 302, 401, 404, 429, 500, 503])
async def test_another_status_is_no_answer(status: int) -> None:
    good = answer(b'{"records": [], "personen": []}', status=f"{status} Other")
    async with party(good) as seen, calling() as outbound:
        with pytest.raises(Unavailable):
            await families(outbound, seen.url).find(frozenset({MILA}))
        with pytest.raises(Unavailable):
            await custody(outbound, seen.url).find(frozenset({MILA}))


@pytest.mark.parametrize("count", [0, 31])
async def test_nobody_or_more_than_thirty_are_not_asked_about(count: int) -> None:
    people = frozenset(number(head) for head in range(count))
    async with party(answer(b"{}")) as seen, calling() as outbound:
        with pytest.raises(ValueError, match="at most 30"):
            await families(outbound, seen.url).find(people)
        with pytest.raises(ValueError, match="at most 30"):
            await custody(outbound, seen.url).find(people)
    assert seen.requests == []


async def test_a_record_is_read_with_the_unknown_parts_of_its_dates() -> None:
    record = await found({"records": [RECORD | {"more": 1, "unions": [UNION]}]})
    assert record.born == PartialDate(year=2020, month=5, day=None)
    assert record.deeds == {Deed.BIRTH, Deed.RECOGNITION}
    assert record.first is not None
    assert (record.first.bsn, record.first.sex) == (ANNA, Sex.FEMALE)
    assert (record.rulings[0].award, record.rulings[0].thirds) == (Award.THIRD, frozenset({CARO}))
    assert record.unions[0].partner == BRAM
    assert record.investigated == {Part.CUSTODY}


@pytest.mark.requires("GEZAG")
@pytest.mark.parametrize(
    ("relation", "holders", "unnamed"),
    [
        (JOINT, {ANNA, BRAM}, 0),
        (JOINT | {"ouders": [FATHER, {"naam": {}}]}, {BRAM}, 1),
        ({"type": Relation.SOLE, "minderjarige": MINOR, "ouder": MOTHER}, {ANNA}, 0),
        ({"type": Relation.SOLE, "minderjarige": MINOR, "ouder": {"naam": {}}}, set(), 1),
        (
            {"type": Relation.WITH_THIRD, "minderjarige": MINOR, "ouder": MOTHER, "derde": KNOWN},
            {ANNA, CARO},
            0,
        ),
        ({"type": Relation.WITH_THIRD, "minderjarige": MINOR, "ouder": MOTHER, "derde": UNKNOWN}, {ANNA}, 1),
        ({"type": Relation.GUARDIANSHIP, "minderjarige": MINOR, "derden": []}, set(), 1),
        ({"type": Relation.GUARDIANSHIP, "minderjarige": MINOR, "derden": [KNOWN]}, {CARO}, 0),
        ({"type": Relation.NONE_FOR_NOW, "minderjarige": MINOR, "toelichting": "..."}, set(), 0),
        ({"type": Relation.UNDETERMINED, "minderjarige": MINOR, "toelichting": "..."}, set(), 0),
    ],
)
async def test_each_type_of_the_published_interface_is_read(
    relation: dict[str, Any], holders: set[Bsn], unnamed: int
) -> None:
    (read,) = await told(relation)
    assert (read.child, set(read.holders), read.unnamed) == (MILA, holders, unnamed)
    assert read.relation == relation["type"]
    assert read.born == PartialDate(year=2020, month=5, day=None)
    assert not read.investigated


@pytest.mark.requires("GEZAG")
async def test_no_number_is_in_an_address_and_the_version_is_asked() -> None:
    empty = answer(b'{"records": [], "personen": []}')
    async with party(empty) as first, party(empty) as second, calling() as outbound:
        await families(outbound, first.url).find(frozenset({MILA}))
        await custody(outbound, second.url).find(frozenset({MILA}))
    heads = [seen.requests[0] for seen in (first, second)]
    assert not any(MILA.digits.encode() in head for head in heads)
    assert heads[0].startswith(b"POST /families/find ")
    assert heads[1].startswith(b"POST /api/v1/opvragenBevoegdheidTotGezag ")
    assert b"accept-gezag-version: 2" in heads[1].lower()
