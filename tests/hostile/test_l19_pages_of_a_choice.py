"""L12, L19, L20: names of pages on which somebody chooses for whom, brought to where they do not belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, follow
from toegang.login.authorities import ON_A_PAGE
from toegang.mandates.edge import Edge
from toegang.mandates.party import Party, PartyId, PartyKind

NOBODYS = ("x", "=", "%00", "A" * 60_000, "../..", "\u00e9", "AAAA")


def asked() -> str:
    return CLINIC_PARTY.url(scope=f"openid service:{PORTAL}")


async def many(house: House, count: int) -> Sequence[Edge]:
    """Have many people let somebody act for them, in the order of their ids."""
    given: list[Edge] = []
    for number in range(1, count + 1):
        party = PartyId(UUID(int=a.CHILD.int + 0x1000 + number))
        known = Party(id=party, kind=PartyKind.PERSON, born=a.BORN)
        await a.mandates(house).know(known, now=house.clock.now())
        given.append(await a.given(house, party, number))
    return given


def further(page: httpx2.Response) -> str:
    """Return how the next page is named."""
    (name,) = re.findall(r'href="[^"]*\?after=([^"]+)"', page.text)
    return str(name)


def at(page: httpx2.Response, after: str) -> str:
    return f"{str(page.url).partition('?')[0]}?after={after}"


@pytest.mark.requires("MANDATES-P18")
async def test_a_page_of_one_login_is_none_of_another(lone_house: House) -> None:
    await a.furnish(lone_house)
    await many(lone_house, ON_A_PAGE + 2)
    mine, others = a.english(lone_house), a.english(lone_house)
    page, elsewhere = await follow(mine, asked()), await follow(others, asked())
    assert (await mine.get(at(page, further(page)))).status_code == 200
    for browser, stolen in ((others, page), (mine, elsewhere)):
        own = elsewhere if browser is others else page
        assert (await browser.get(at(own, further(stolen)))).status_code == 400
        assert (await a.post(browser, own, whom=a.offered(stolen)[0])).status_code == 400
        # Nor does another browser see a page of it.
        assert (await browser.get(at(stolen, further(stolen)))).status_code == 403


@pytest.mark.requires("MANDATES-P18", "MANDATES-P20")
@pytest.mark.parametrize("name", NOBODYS, ids=lambda name: name[:5])
async def test_a_page_after_nobody_is_refused_and_the_login_goes_on(lone_house: House, name: str) -> None:
    await a.furnish(lone_house)
    await many(lone_house, 1)
    browser = a.english(lone_house)
    page = await follow(browser, asked())
    for refused in (
        await browser.get(at(page, quote(name, safe="%"))),
        await a.post(browser, page, whom=name),
        await a.post(browser, page, names_after=name, name_like="anybody"),
    ):
        assert refused.status_code == 400
    assert len(a.offered(await browser.get(str(page.url)))) == 1


@pytest.mark.requires("MANDATES-P4")
async def test_the_name_of_a_page_chooses_nobody_whom_one_may_not_act_for(lone_house: House) -> None:
    await a.furnish(lone_house)
    given = await many(lone_house, ON_A_PAGE + 2)
    browser = a.english(lone_house)
    page = await follow(browser, asked())
    await a.withdrawn(lone_house, given[ON_A_PAGE - 1])
    bent = await a.post(browser, page, whom=further(page))
    assert bent.status_code == 403
