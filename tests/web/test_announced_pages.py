"""What pages tell of a change that a service announced: to who has a mandate, and to who gives one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.means import BenchMeans
from tests.journeys.house import PORTAL, House
from tests.mandates.builders import rules
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Town
from tests.web.test_mandate_pages import at, begun, inside, offered, ready
from toegang.catalogue.representation import Announced, EdgeKind, Representation

STOPS = "nobody can act by this mandate"
POSSIBLE, WORKS = "Until that day it is possible.", "Until then it works as it does now."
NOBODY = rules(version=2, kinds=(EdgeKind.COURT,))
ALIKE = rules(version=2, grant=rules().grant, pending_days=3)


async def announced(town: Town, after: Representation | None, days: int) -> None:
    """Let the portal announce other rules, so many days ahead."""
    kept = town.rooms.catalogue.current.service(PORTAL)
    assert kept is not None
    change = Announced(from_=town.bureau.clock.now() + timedelta(days=days), rules=after, ends=after is None)
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(replace(kept, representation=replace(rules(), announced=change)))


@pytest.mark.parametrize(
    ("after", "days", "told"),
    [
        pytest.param(NOBODY, 30, True, id="its kind goes"),
        pytest.param(None, 30, True, id="nobody acts there any more"),
        pytest.param(ALIKE, 30, False, id="nothing changes for it"),
        pytest.param(NOBODY, 150, False, id="it is over before that"),
    ],
)
async def test_the_page_of_a_mandate_says_from_when_on_it_no_longer_works(
    town: Town, after: Representation | None, days: int, told: bool
) -> None:
    parties = await ready(town)
    edge = await offered(town, parties[SANNE], parties[DAAN])
    browser = await inside(town)
    await announced(town, after, days)
    page = await browser.open(at(edge.id))
    assert (STOPS in page.text) is told


async def test_who_is_about_to_give_reads_it_and_agrees_to_what_stood_there(town: Town) -> None:
    await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser = await inside(town)
    await announced(town, NOBODY, 5)
    page = await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988")
    assert page.title == "Is this what you give?"
    assert STOPS in page.text
    assert (POSSIBLE in page.text, WORKS in page.text) == (True, False)
    await announced(town, NOBODY, 3)  # another day than the one that was read
    page = await browser.send(page)
    assert page.title == "Is this what you give?"
    assert STOPS in page.text
    page = await browser.send(page)
    assert page.title == "A mandate that you give"
    assert STOPS in page.text
    assert (POSSIBLE in page.text, WORKS in page.text) == (False, True)
