"""What registers tell of parties: in any order the newest counts, and what was known can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.test_register import BINDING, PIETERS, SERVICE, made, stated
from tests.volumes import volume
from toegang.errors import OneTimeGone
from toegang.mandates.decide import Permit, Refused
from toegang.mandates.knowing import FRESH
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import Party, Standing
from toegang.mandates.register import Mandates
from toegang.registers.population import BirthDate
from toegang.storage import Database

HOUR = timedelta(hours=1)
DEAD = b.person(b.SANNE, standing=Standing.DECEASED, since=b.NOW - 3 * HOUR, told_at=b.NOW)


@pytest.mark.requires("MANDATES-P6")
async def test_older_news_that_comes_later_changes_nothing(database: Database) -> None:
    mandates = await made(database, b.edge())
    later = b.NOW + HOUR
    await mandates.know(replace(DEAD, told_at=later), now=later)
    await mandates.know(b.person(b.SANNE, told_at=later - HOUR / 2), now=later + HOUR)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, later + HOUR, NOTHING_TOLD), Refused)
    await mandates.know(b.person(b.SANNE, told_at=later + HOUR), now=later + HOUR)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, later + HOUR, NOTHING_TOLD), Permit)


async def test_what_does_not_say_when_it_was_told_gives_way_to_what_does(database: Database) -> None:
    mandates = await made(database)
    async with mandates.units.begin() as unit:
        assert await mandates.parties.put(unit, DEAD) is True
        assert await mandates.parties.put(unit, b.person(b.SANNE)) is False
    assert (await mandates.parties.of([b.SANNE]))[b.SANNE].standing is Standing.DECEASED


async def test_what_is_told_the_same_at_every_login_is_not_written_every_time(database: Database) -> None:
    mandates = await made(database)
    once, soon, later = b.NOW, b.NOW + FRESH - timedelta(seconds=1), b.NOW + FRESH

    async def told_at() -> datetime | None:
        return (await mandates.parties.of([b.SANNE]))[b.SANNE].told_at

    await mandates.know(b.person(b.SANNE), now=soon)
    assert await told_at() == once
    await mandates.know(b.person(b.SANNE), now=later)
    assert await told_at() == later
    dead = replace(DEAD, told_at=None)
    await mandates.know(dead, now=later + timedelta(seconds=1))
    assert await told_at() == later + timedelta(seconds=1), "what is other is written at once"
    await mandates.know(b.person(b.SANNE, told_at=later), now=later + HOUR)
    assert (await mandates.parties.of([b.SANNE]))[b.SANNE].standing is Standing.DECEASED
    again = later + HOUR
    await mandates.know(replace(dead, told_at=again), now=again + HOUR)
    assert await told_at() == again, "a message says itself when it was told"


async def test_a_birth_date_that_is_not_told_again_stays(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, born=None), now=b.NOW + HOUR)
    assert (await mandates.parties.of([b.SANNE]))[b.SANNE].born == b.GROWN


NEWS = st.builds(
    lambda standing, since, told: b.person(
        b.SANNE,
        standing=standing,
        since=None if standing is Standing.ABLE else b.NOW + since * HOUR,
        told_at=b.NOW + told * HOUR,
    ),
    st.sampled_from([Standing.ABLE, Standing.DECEASED, Standing.UNDER_GUARDIANSHIP]),
    st.integers(-2, 2),
    st.integers(-2, 2),
)


@pytest.mark.requires("MANDATES-P6", "MANDATES-P24")
def test_in_whatever_order_news_comes_the_same_is_known(engines: Engines) -> None:
    async def told(mandates: Mandates, news: list[Party], party: Any) -> Party:  # noqa: ANN401 an id
        async with mandates.units.begin() as unit:
            for each in news:
                await mandates.parties.put(unit, replace(each, id=party))
        known = (await mandates.parties.of([party]))[party]
        return replace(known, id=b.SANNE)

    @settings(max_examples=volume(15, 500), suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(NEWS, min_size=1, max_size=3))
    def agree(news: list[Party]) -> None:
        known = set()
        for order in permutations(news):
            party = b.party_id(next(OFFSETS) << 40)

            async def ask(mandates: Mandates, order: Any = order, party: Any = party) -> Party:  # noqa: ANN401
                return await told(mandates, order, party)

            known |= set(engines.each(ask))
        assert len(known) == 1
        (one,) = known
        assert one.standing is Standing.ABLE or any(one == each for each in news)
        newest = max(each.told_at for each in news if each.told_at is not None)
        assert one in [each for each in news if each.told_at == newest]

    agree()


@pytest.mark.requires("MANDATES-P6")
async def test_what_was_stated_before_a_death_was_told_is_listed_and_not_redeemed(database: Database) -> None:
    mandates = await made(database, b.edge())
    before, after = b.NOW - 4 * HOUR, b.NOW - HOUR
    early = await stated(mandates, binding=replace(BINDING, transaction="early"), now=before)
    late = await stated(mandates, binding=replace(BINDING, transaction="late"), now=after)
    assert await mandates.knowing.made_too_early(b.SANNE) == ()
    await mandates.know(DEAD, now=b.NOW)
    await mandates.know(replace(DEAD, told_at=b.NOW + HOUR), now=b.NOW + HOUR)  # told once more
    listed = await mandates.knowing.made_too_early(b.SANNE)
    assert [each.id for each in listed] == [late.id]
    assert await mandates.knowing.made_too_early(b.SANNE, after=late.id) == []
    assert early.id not in {each.id for each in listed}
    with pytest.raises(OneTimeGone):
        await mandates.redeem(replace(BINDING, transaction="late"), SERVICE, after)


@pytest.mark.requires("MANDATES-P6", "MANDATES-P21")
async def test_what_was_known_when_it_was_decided_can_be_read_afterwards(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE), now=b.NOW - b.DAY)
    await mandates.know(DEAD, now=b.NOW + HOUR)
    moments: list[tuple[datetime, Standing]] = [
        (b.NOW + HOUR - timedelta(microseconds=1), Standing.ABLE),
        (b.NOW + HOUR, Standing.DECEASED),
    ]
    for at, standing in moments:
        known = await mandates.known_at(b.SANNE, at)
        assert known is not None
        assert known.standing is standing
    assert await mandates.known_at(b.SANNE, b.NOW - 2 * b.DAY) is None


async def test_what_is_only_told_again_is_no_change(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("1970-01-01")), now=b.NOW + HOUR)
    assert await mandates.parties.recorded(b.SANNE) == b.NOW
