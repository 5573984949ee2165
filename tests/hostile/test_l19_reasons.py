"""L19: why somebody ended a mandate, read by whom it is about, bent, or used to keep them from ending it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE, People, people, proposal
from tests.means.bureau import DAAN
from tests.web.citizens import Town
from tests.web.test_mandate_pages import at, inside, offered, ready
from toegang.audit.events import MandateReasonGiven
from toegang.audit.trail import TrailReader
from toegang.errors import NotEntitled
from toegang.mandates.edge import Edge, State
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found
from toegang.mandates.reasons import HARMLESS, Reason, Reasons
from toegang.storage import Database


def reasons(house: People) -> Reasons:
    return Reasons(voluntary=house.voluntary, trail=cast("TrailReader", house.voluntary.mandates.trail))


async def given(house: People) -> Edge:
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    edge = await house.voluntary.offer(house.actor(SANNE), other, proposal(RETURNS, CARE), NOW)
    return await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)


async def ended(house: People, edge: Edge, reason: Reason | None) -> Edge:
    sanne = house.actor(SANNE)
    note = await reasons(house).noting(sanne, reason, NOW)
    return await house.voluntary.end(sanne, edge.id, edge.version, NOW, also=note)


@pytest.mark.parametrize("reason", list(Reason))
async def test_the_other_side_reads_no_reason_but_a_harmless_one(database: Database, reason: Reason) -> None:
    house = await people(database)
    edge = await ended(house, await given(house), reason)
    assert await reasons(house).read(edge, house.ids[SANNE]) is reason
    told = await reasons(house).read(edge, house.ids[PIETER])
    assert told is (reason if reason in HARMLESS else None)
    trail = reasons(house).trail
    pieters = await trail.by_person(str(house.ids[PIETER]), 50, None)
    assert not [each for each in pieters if isinstance(each.event, MandateReasonGiven)]


@pytest.mark.parametrize("reason", list(Reason))
async def test_of_who_has_a_secret_address_the_other_side_reads_none(
    database: Database, reason: Reason
) -> None:
    house = await people(database)
    edge = await given(house)
    house.register.people[SANNE] = replace(house.register.people[SANNE], address_secret=True)
    edge = await ended(house, edge, reason)
    assert await reasons(house).read(edge, house.ids[PIETER]) is None
    assert await reasons(house).read(edge, house.ids[SANNE]) is reason


async def test_who_is_not_known_by_a_register_now_is_taken_to_be_protected(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    house.register.away = True
    edge = await ended(house, edge, Reason.NOT_NEEDED)
    assert await reasons(house).read(edge, house.ids[PIETER]) is None


async def test_a_reason_is_kept_with_the_end_and_by_who_came_first_alone(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    assert (await ended(house, edge, None)).state is State.REVOKED
    with pytest.raises(NotEntitled):
        await ended(house, edge, Reason.NO_TRUST)
    kept = await house.voluntary.own(house.actor(SANNE), edge.id, NOW)
    assert await reasons(house).read(kept, house.ids[SANNE]) is None


async def test_everything_with_somebody_ends_for_one_reason(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    note = await reasons(house).noting(house.actor(SANNE), Reason.SOMEBODY_ELSE, NOW)
    everything = Everything(voluntary=house.voluntary)
    assert (await everything.begin(house.actor(SANNE), house.ids[PIETER], NOW, also=note)).done == 1
    kept = await house.voluntary.own(house.actor(SANNE), edge.id, NOW)
    assert await reasons(house).read(kept, house.ids[SANNE]) is Reason.SOMEBODY_ELSE


@pytest.mark.parametrize("bent", ["", "no such reason", "no-trust\r\nx", "=1", "x" * 5000])
async def test_nobody_is_kept_from_ending_by_what_is_no_reason(town: Town, bent: str) -> None:
    parties = await ready(town)
    browser = await inside(town)
    edge = await offered(town, parties[DAAN], parties[SANNE])
    page = await browser.open(at(edge.id))
    page = await browser.send(page, at(edge.id) + "/end", reason=bent)
    assert "declined" in page.text
    assert "Why it ended" not in page.text


async def test_ending_stays_two_clicks_and_its_reason_is_read_by_who_gave_it(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    edge = await offered(town, parties[DAAN], parties[SANNE])
    page = await browser.open(at(edge.id))
    assert "Do you want to tell why? You need not." in page.text
    assert " checked" not in page.text.partition('name="reason"')[2].partition("</fieldset>")[0]
    page = await browser.send(page, at(edge.id) + "/end", reason="no-trust")
    assert "I do not trust this any more" in page.text
    trail = await browser.open("/account/trail")
    assert "You told why you ended a mandate" in trail.text
