"""L03: a number that is typed takes the same work whoever has it, so that time tells nothing.

What is counted is work, as in test_l19_equal_work.py: a clock would tell of the machine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest

from tests.hostile.test_l03_typed_and_shown import waiting
from tests.hostile.test_l19_equal_work import Counted
from tests.mandates.builders import DAY, GROWN, NOW
from tests.mandates.giving_people import NOBODY, NOOR, PIETER, SANNE, People, people, proposal
from toegang.errors import OneTimeGone
from toegang.identity.numbers import Bsn
from toegang.mandates.finding import Typed
from toegang.registers.population import BirthDate
from toegang.storage import Database, Dialect

# Which engine keeps it is the same to what is asked.
pytestmark = pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)

OTHER_DAY = BirthDate.parse("1950-01-01")

Did = tuple[list[str], int, int]


async def work(house: People, do: Callable[[], Awaitable[object]]) -> Did:
    """Do something; return what was asked of the store and how many units that took, and of the register."""
    counted, asked = cast("Counted", house.database), house.register.asked
    counted.asked, counted.begun = [], 0
    await do()
    return sorted(sql for sql, _ in counted.asked), counted.begun, house.register.asked - asked


async def all_of_it(
    house: People, guess: Bsn, born: BirthDate, *, asking: bool, letters: bool = False
) -> list[Did]:
    """Let Sanne type a number and do with it what she can; return the work of each."""
    voluntary, me = house.voluntary, house.actor(SANNE)
    start = voluntary.request if asking else voluntary.offer

    async def begin() -> None:
        found = await voluntary.finding.by_number(me.party, Typed(bsn=guess, born=born), NOW)
        await start(me, found, proposal(), NOW)

    async def letter() -> None:
        [edge] = await waiting(house, me)
        await voluntary.send_letter(me, edge.id, edge.version, NOW)

    async def guessing() -> None:
        [edge] = await waiting(house, me)
        with pytest.raises(OneTimeGone):
            await voluntary.activate(me, edge.id, edge.version, "AAAA-AAAA-AAAA", NOW)

    async def end() -> None:
        [edge] = await waiting(house, me)
        await voluntary.end(me, edge.id, edge.version, NOW)

    acts = [begin, letter, guessing, end] if letters else [begin, end]
    return [await work(house, each) for each in acts]


@pytest.mark.parametrize("asking", [True, False])
async def test_whatever_is_begun_with_a_number_is_as_much_work_whoever_has_it(
    database: Database, asking: bool
) -> None:
    house = await people(cast("Database", Counted(database)))
    house.register.people[NOOR] = replace(house.register.people[NOOR], deceased_on=(NOW - DAY).date())
    typed = [(PIETER, GROWN), (NOBODY, GROWN), (PIETER, OTHER_DAY), (NOOR, GROWN)]
    for each in typed:  # from now on all of them were met
        await all_of_it(house, *each, asking=asking)
    found = [await all_of_it(house, *each, asking=asking) for each in typed]
    assert found == found[:1] * len(typed)


async def test_a_letter_and_a_guess_at_its_code_are_as_much_work_whoever_has_the_number(
    database: Database,
) -> None:
    house = await people(cast("Database", Counted(database)))
    typed = [(PIETER, GROWN), (NOBODY, GROWN), (PIETER, OTHER_DAY)]
    for each in typed:
        await all_of_it(house, *each, asking=True)
    found = [await all_of_it(house, *each, asking=True, letters=True) for each in typed]
    assert found == found[:1] * len(typed)
