"""L19: a register that lies, loops or never ends makes nobody act for anybody, and costs the hub little."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.demo.running import calling
from tests.mandates.legal.facts import (
    ANN,
    AT,
    FIRM,
    HOLDING,
    PEOPLE,
    PERSON,
    TOP,
    by_number,
    joint,
    organisation,
)
from tests.mandates.legal.telling import director, registers, telling
from tests.outbound.servers import party
from tests.registers.authority_answers import ESTATE, KVK, MEASURE, ORGANISATION
from tests.registers.authority_answers import PERSON as ASKED
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.asking import MOST_HOLDINGS, MOST_PART, MOST_PARTS
from toegang.mandates.legal.board import by_registration
from toegang.mandates.legal.court import by_court
from toegang.mandates.legal.estate import by_estate
from toegang.mandates.legal.rules import Rule
from toegang.mandates.legal.signing import MOST_PEOPLE, binds
from toegang.outbound.client import Response
from toegang.registers import courts_http, estates_http, organisations_http

if TYPE_CHECKING:
    from tests.mandates.legal.telling import Answer
    from toegang.mandates.legal.authority import Authority


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


async def test_a_loop_of_holdings_is_walked_once_and_gives_nobody_anything() -> None:
    following = {FIRM.digits: HOLDING, HOLDING.digits: TOP, TOP.digits: FIRM}
    answers: dict[str, Answer] = {
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


BSN, TRADE = Bsn.parse(ASKED), KvkNumber.parse(KVK)
ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            -1,
            2,
            10**20,
            1.5,
            "",
            "\x00",
            "1800-01-01",
            "9000-12-31",
            "2026-11-26",
            "9999-12-31",
        ),
        *("0000-00-00", "2026-11-27", ASKED, KVK, "curatele", "spouse", "rejected", "together", "dissolved"),
        *(
            {"bsn": ASKED},
            {"kvk": KVK},
            {"kvk": "90000088"},
            {"bsn": "999990081"},
            [],
            {},
            ["property"],
            [{}],
        ),
    ]
)
MOMENTS = st.sampled_from([AT, datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)])


def places(body: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return every place in an answer where something can be put."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    below = [place for name, value in inside for place in places(value, (*path, name))]
    return ([path] if path else []) + below


@st.composite
def bent(draw: st.DrawFn, good: dict[str, Any], listing: str) -> bytes:
    """Return an answer in which a few things are others than they should be."""
    body = copy.deepcopy(good)
    for place in draw(st.lists(st.sampled_from(places(good)), min_size=1, max_size=3, unique=True)):
        inside: Any = body
        try:
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = copy.deepcopy(draw(ODD))
        except (TypeError, KeyError, IndexError):
            continue
    return json.dumps({listing: [body]}).encode()


def read(listing: str, octets: bytes, at: datetime) -> tuple[Authority, ...]:
    """Read an answer as the hub does, and derive; an answer that is none gives nothing."""
    response = Response(status=200, headers={}, body=octets)
    try:
        if listing == "measures":
            return by_court(courts_http.read(response, BSN, "register", AT), at).acting.authorities
        if listing == "estates":
            estate = estates_http.read(response, BSN, "register", AT)
            return () if estate is None else by_estate(estate, at).authorities
        found = organisations_http.read(response, TRADE, "register", AT)
        return () if found is None else by_registration(found, at).authorities
    except Unavailable:
        return ()


@given(st.data(), MOMENTS)
@settings(max_examples=300)
def test_whatever_a_register_answers_is_an_authority_in_force_over_who_was_asked_or_none(
    data: st.DataObject, at: datetime
) -> None:
    good = {"measures": MEASURE, "estates": ESTATE, "organisations": ORGANISATION}
    listing = data.draw(st.sampled_from(sorted(good)))
    for each in read(listing, data.draw(bent(good[listing], listing)), at):
        assert each.represented in {BSN, TRADE}
        assert each.holder != each.represented
        assert each.holds(at)


def test_a_web_of_holdings_that_are_directors_of_each_other_is_counted_in_no_time() -> None:
    numbers = [KvkNumber(f"900001{each:02d}") for each in range(MOST_HOLDINGS)]
    people = PEOPLE[:MOST_PEOPLE]
    world = by_number(
        [
            organisation(
                one,
                *(joint(other, 3) for other in numbers if other != one),
                *(joint(each, 3) for each in people),
            )
            for one in numbers
        ]
    )
    assert binds(numbers[0], frozenset(people), world, AT)
    assert not binds(numbers[0], frozenset(people[:2]), world, AT)
