"""L19: who is no parent any more, or never was; authority just ended, and registers that say too much."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo.running import calling
from tests.mandates.legal.families import ANNA, BORN, BRAM, CARO, FAMILY, MILA, Household, day, grown, ruled
from tests.mandates.legal.test_parental_asking import FamilyShelf
from tests.outbound.servers import answer, party
from toegang.clock import FixedClock
from toegang.mandates.legal.parental.asking import AsRegistered, ByFlow
from toegang.mandates.legal.parental.granting import majority
from toegang.mandates.legal.parental.outcome import Gap, Kind
from toegang.registers.custody_http import HttpCustodyRegister
from toegang.registers.families import Award, Deed, Part

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DIVORCED = FAMILY.wed(("2018-06-01", "2021-06-01"))
FOSTERED = DIVORCED.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO),)).with_(grown(CARO))


def flow(family: Household) -> ByFlow:
    people = {record.bsn: record for record in (family.child, *family.others)}
    return ByFlow(families=FamilyShelf(people=people))


@pytest.mark.parametrize(
    ("family", "person"),
    [
        (DIVORCED.about(MILA, rulings=(ruled(Award.FIRST),)), BRAM),
        (FOSTERED, ANNA),
        (
            FOSTERED.about(
                MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO), ruled(Award.FIRST, "2024-05-05"))
            ),
            CARO,
        ),
        (FAMILY.about(BRAM, curatele=day("2026-11-26")), BRAM),
        (FAMILY.about(BRAM, deceased=day("2026-11-26")), BRAM),
        (FAMILY.about(MILA, second=None, deeds=frozenset({Deed.DENIAL})), BRAM),
        (FAMILY.about(MILA, resident=False), ANNA),
        (FAMILY.about(BRAM, investigated=frozenset({Part.STANDING})), ANNA),
        (FAMILY.with_(grown(CARO, children=(MILA,))), CARO),
        (FAMILY.with_(grown(CARO, wards=(MILA,))), CARO),
    ],
    ids=[
        "a court gave it to the other",
        "a court gave it to a guardian",
        "a guardian until a later ruling",
        "under curatele since today",
        "died today",
        "parenthood denied",
        "emigrated with the child",
        "the other is being looked into",
        "a parent by their own record only",
        "a guardian by their own record only",
    ],
)
async def test_who_has_it_no_more_or_never_had_gets_nothing(family: Household, person: Bsn) -> None:
    assert (await flow(family).over(MILA, NOW)).of(person) == ()
    held = await flow(family).of(person, NOW)
    assert [each for found in held.found for each in found.of(person)] == []


async def test_at_the_midnight_of_majority_it_is_over_whoever_was_asked_before() -> None:
    last = majority(BORN) - timedelta(seconds=1)
    (held,) = (await flow(FAMILY).over(MILA, last)).of(ANNA)
    assert held.holds(last)
    assert not held.holds(last + timedelta(seconds=1))
    after = await flow(FAMILY).over(MILA, last + timedelta(seconds=1))
    assert (after.outcome.kind, after.authorities) == (Kind.NOT_APPLICABLE, ())


MINOR = {"burgerservicenummer": MILA.digits, "geboorte": {"datum": "20200504"}}
HERS = {
    "type": "EenhoofdigOuderlijkGezag",
    "minderjarige": MINOR,
    "ouder": {"burgerservicenummer": CARO.digits},
}


@pytest.mark.parametrize(
    "person",
    [
        {"burgerservicenummer": CARO.digits, "gezag": [HERS]},
        {
            "burgerservicenummer": MILA.digits,
            "gezag": [HERS, HERS | {"ouder": {"burgerservicenummer": ANNA.digits}}],
        },
        {
            "burgerservicenummer": MILA.digits,
            "gezag": [HERS | {"minderjarige": {"burgerservicenummer": MILA.digits}}],
        },
        {"burgerservicenummer": MILA.digits, "gezag": [HERS | {"inOnderzoek": True}]},
        {
            "burgerservicenummer": MILA.digits,
            "gezag": [HERS | {"minderjarige": MINOR | {"geboorte": {"datum": "20081126"}}}],
        },
    ],
    ids=["about another", "two that differ", "no birth date", "looked into", "an adult since today"],
)
async def test_an_answer_that_says_too_much_gives_nobody_anything(person: dict[str, Any]) -> None:
    body = json.dumps({"personen": [person]}).encode()
    async with party(answer(body)) as seen, calling() as outbound:
        register = HttpCustodyRegister(outbound=outbound, clock=FixedClock(NOW), url=seen.url, secret="")
        found = await AsRegistered(register=register).over(MILA, NOW)
    assert found.of(CARO) == ()


async def test_a_register_that_is_down_is_never_a_yes() -> None:
    async with calling() as outbound:
        register = HttpCustodyRegister(
            outbound=outbound, clock=FixedClock(NOW), url="http://127.0.0.1:9", secret=""
        )
        found = await AsRegistered(register=register).over(MILA, NOW)
        held = await AsRegistered(register=register).of(ANNA, NOW)
    assert (found.outcome.gap, found.authorities) == (Gap.SOURCE_SILENT, ())
    assert (held.found, held.complete) == ((), False)
