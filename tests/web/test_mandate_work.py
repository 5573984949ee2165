"""How far it is with ending everything, on its page, and stopping it there."""

from __future__ import annotations

from typing import cast

import pytest

from tests.journeys.house import PORTAL, RESULTS
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Town
from tests.web.test_mandate_pages import UNKNOWN, at, inside, offered, ready
from toegang.mandates import everything
from toegang.mandates.edge import State
from toegang.mandates.everything import Everything
from toegang.mandates.gathering import Gathering
from toegang.registers.in_turn import InTurn


async def test_of_many_a_page_says_how_far_it_is(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    parties = await ready(town)
    monkeypatch.setattr(everything, "FIRST", 1)
    monkeypatch.setattr(everything, "AT_A_TIME", 1)
    edges = [await offered(town, parties[DAAN], parties[SANNE], each) for each in (PORTAL, RESULTS)]
    browser = await inside(town)
    page = await browser.send(await browser.open(at(edges[0].id) + "/everything"))
    assert page.title == "Mandates are ending"
    assert "1 mandate has ended." in page.text
    for odd in (UNKNOWN, "x"):
        assert (await browser.open(f"/account/mandates/jobs/{odd}")).title != page.title
    await town.rooms.representing.jobs.round()
    done = await browser.open(page.address)
    assert done.title == "The mandates have ended"
    assert "2 mandates have ended." in done.text


async def test_ending_many_is_stopped_and_the_others_stay(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties = await ready(town)
    monkeypatch.setattr(everything, "FIRST", 1)
    monkeypatch.setattr(everything, "AT_A_TIME", 1)
    edges = [await offered(town, parties[DAAN], parties[SANNE], each) for each in (PORTAL, RESULTS)]
    browser = await inside(town)
    page = await browser.send(await browser.open(at(edges[0].id) + "/everything"))
    stopped = await browser.send(page)
    assert stopped.title == "Ending the mandates was stopped"
    assert (await browser.send(page, stopped.address)).title == stopped.title
    assert not await town.rooms.representing.jobs.round()
    kept = await town.rooms.representing.mandates.edges.of(edge.id for edge in edges)
    assert sorted(each.state for each in kept.values()) == [State.DECLINED, State.OFFERED]


def turns_of(work: Everything) -> int:
    """Return how many turns a question waits for before it is asked of a register."""
    assert isinstance(work.voluntary.laws, Gathering)
    register, found = cast("object", work.voluntary.laws.registers.population), 0
    while isinstance(register, InTurn):
        register, found = register.register, found + 1
    return found


async def test_who_waits_for_the_first_to_end_goes_before_work_beside_requests(town: Town) -> None:
    jobs = town.rooms.representing.jobs
    assert (turns_of(jobs.at_once), turns_of(jobs.everything)) == (1, 2)
