"""L19: attacks on mandates that people give: another's, one's own, too young, too low, withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.mandates.builders import GROWN, NOW, rules, service
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, UNTIL, People, people, proposal
from tests.means.bureau import registered
from toegang.app.voluntary import HINTS_LIVE
from toegang.assurance import Level
from toegang.errors import NotEntitled
from toegang.mandates import everything
from toegang.mandates.bounds import OFFERING
from toegang.mandates.edge import Edge, State
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.scope import Scope
from toegang.mandates.sweeping import EDGES_KEPT
from toegang.registers.population import BirthDate
from toegang.storage import Database

YOUNG = BirthDate.parse("2012-01-01")


async def begun(house: People, *, asking: bool = False) -> Edge:
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    begin = house.voluntary.request if asking else house.voluntary.offer
    return await begin(house.actor(SANNE), other, proposal(RETURNS, CARE), NOW)


async def begun_at(house: People, now: datetime) -> Edge:
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    wanted = replace(proposal(until=now + timedelta(days=9)), from_=now)
    return await house.voluntary.offer(house.actor(SANNE), other, wanted, now)


async def test_nobody_touches_a_mandate_of_others_whatever_they_try(database: Database) -> None:
    house = await people(database)
    edge = await begun(house)
    noor, do = house.actor(NOOR, Level.HIGH), house.voluntary
    tries: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: do.own(noor, edge.id, NOW),
        lambda: do.agree(noor, edge.id, 1, NOW),
        lambda: do.end(noor, edge.id, 1, NOW),
        lambda: do.shorten(noor, edge.id, 1, UNTIL, NOW),
        lambda: do.extend(noor, edge.id, 1, UNTIL, NOW),
        lambda: do.drop(noor, edge.id, 1, Scope.of_service(CARE.id), NOW),
        lambda: do.send_letter(noor, edge.id, 1, NOW),
        lambda: do.activate(noor, edge.id, 1, "AAAA-BBBB-CCCC", NOW),
    )
    for each in tries:
        with pytest.raises(NotEntitled) as refused:
            await each()
        assert refused.value.why == "not-yours"
    assert await do.mandates.edges.find(edge.id) == edge
    assert (await Everything(voluntary=do).begin(noor, house.ids[SANNE], NOW)).done == 0


@pytest.mark.parametrize("asking", [True, False])
async def test_who_began_it_never_answers_it(database: Database, asking: bool) -> None:
    house = await people(database)
    edge = await begun(house, asking=asking)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(SANNE, Level.HIGH), edge.id, 1, NOW)
    assert refused.value.why == "not-yours"


async def test_a_child_gives_and_takes_nothing(database: Database) -> None:
    house = await people(database)
    house.register.people[SANNE] = registered(SANNE, birth_date=YOUNG)
    for asking in (True, False):
        with pytest.raises(NotEntitled) as refused:
            await begun(house, asking=asking)
        assert refused.value.why == "not-capable"


async def test_a_child_who_is_offered_something_is_nobody_to_who_offers_it(database: Database) -> None:
    house = await people(database)
    house.register.people[PIETER] = registered(PIETER, birth_date=YOUNG)
    told = await house.find(SANNE, PIETER, YOUNG)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.offer(house.actor(SANNE), told, proposal(), NOW)
    # What was typed is a child, whether or not there is one.
    assert refused.value.why == "party-unknown"


async def test_a_login_too_low_gives_and_takes_nothing_but_ends_everything(database: Database) -> None:
    house = await people(database)
    demanding = rules(grant=Level.SUBSTANTIAL, accept=Level.SUBSTANTIAL, request=Level.SUBSTANTIAL)
    house.offered.services[:] = [service(1, demanding), CARE]
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    for begin in (house.voluntary.offer, house.voluntary.request):
        with pytest.raises(NotEntitled) as refused:
            await begin(house.actor(SANNE, Level.LOW), other, proposal(), NOW)
        assert refused.value.why == "level-too-low"
    edge = await begun(house)
    with pytest.raises(NotEntitled):
        await house.voluntary.agree(house.actor(PIETER, Level.LOW), edge.id, 1, NOW)
    ended = await house.voluntary.end(house.actor(PIETER, Level.MINIMAL), edge.id, 1, NOW)
    assert ended.state is State.DECLINED


async def test_a_service_that_is_withdrawn_or_admits_nobody_is_given_to_nobody(database: Database) -> None:
    house = await people(database)
    edge = await begun(house)
    house.offered.services[:] = [RETURNS]
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    assert refused.value.why == "not-admitted"
    with pytest.raises(NotEntitled):
        await begun(house)


async def test_who_never_answered_stays_without_a_name_however_long_it_lasts(database: Database) -> None:
    house = await people(database)
    house.offered.services[:] = [service(1, rules(acceptance=False))]
    sanne, do = house.actor(SANNE), house.voluntary
    edge = await do.offer(
        sanne, await house.find(SANNE, PIETER), proposal(until=NOW + timedelta(days=9)), NOW
    )
    assert edge.state is State.ACTIVE
    longer = await do.extend(sanne, edge.id, edge.version, UNTIL, NOW)
    assert await do.hint(longer, UNTIL + do.hints.live - timedelta(seconds=1)) is not None
    late = UNTIL + timedelta(days=9)
    ended = await do.end(sanne, edge.id, longer.version, late)
    assert await do.hint(ended, late + do.hints.live - timedelta(seconds=1)) is not None
    assert HINTS_LIVE > EDGES_KEPT


async def test_nobody_makes_a_mandate_end_before_what_was_done_by_it(database: Database) -> None:
    house = await people(database)
    edge = await begun(house)
    held = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    later = NOW + timedelta(days=30)
    for until in (NOW + timedelta(days=1), later):
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.shorten(house.actor(SANNE), edge.id, held.version, until, later)
        assert refused.value.why == "not-now"
    assert await house.voluntary.mandates.edges.find(edge.id) == held


async def test_nobody_is_worn_down_by_offers_that_are_taken_back(database: Database) -> None:
    house = await people(database)
    sanne = house.actor(SANNE)
    for _ in range(OFFERING.most):
        edge = await begun(house)
        await house.voluntary.end(sanne, edge.id, edge.version, NOW)
    told = len(await house.notices())
    with pytest.raises(NotEntitled) as refused:
        await begun(house)
    assert refused.value.why == "too-often"
    assert len(await house.notices()) == told
    assert not (await house.voluntary.page(sanne, Listing.WAITING, Cut(), NOW)).edges
    assert (await begun_at(house, NOW + OFFERING.period)).state is State.OFFERED


async def test_requests_that_lapsed_hide_nothing_from_who_ends_everything(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # UUIDv7 puts the oldest first, so what lapsed stands before what holds.
    monkeypatch.setattr(everything, "AT_A_TIME", 2)
    house = await people(database)
    other = Found(party=house.ids[SANNE], nobody=house.ids[SANNE])
    later = NOW + rules().pending
    for asked in ((RETURNS,), (CARE,), (RETURNS, CARE)):
        await house.voluntary.request(house.actor(PIETER), other, proposal(*asked), NOW)
    edge = await begun_at(house, later)
    sanne = house.actor(SANNE)
    assert (await Everything(voluntary=house.voluntary).begin(sanne, house.ids[PIETER], later)).done == 1
    assert (await house.voluntary.own(sanne, edge.id, NOW)).state is State.WITHDRAWN


async def test_of_an_acceptance_and_its_withdrawal_at_once_exactly_one_happens(database: Database) -> None:
    house = await people(database)
    edge = await begun(house)
    both = await asyncio.gather(
        house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW),
        house.voluntary.end(house.actor(SANNE), edge.id, 1, NOW),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotEntitled) for each in both) == 1
    kept = await house.voluntary.mandates.edges.find(edge.id)
    assert kept in both
    assert GROWN != YOUNG
