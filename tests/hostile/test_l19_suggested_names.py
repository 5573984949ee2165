"""L19, L03: names suggested while somebody types are those that the page would show them, and no more."""

from __future__ import annotations

import re
from uuid import UUID

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, answer, follow
from tests.journeys.test_browser_edges import csrf
from toegang.catalogue.representation import EdgeKind
from toegang.login.authorities import ON_A_PAGE, SUGGESTED
from toegang.mandates.bounds import LOOKING, SUGGESTING
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.searching import folded, turned

ASKED = CLINIC_PARTY.url(scope=f"openid service:{PORTAL}")
CLIENTS = [PartyId(UUID(int=number)) for number in range(0x7000, 0x7000 + ON_A_PAGE + 2)]
ELSEWHERE = PartyId(UUID(int=0x8001))
OTHER_FIRM = PartyId(UUID(int=0x8002))


async def client(house: House, party: PartyId, number: int, agent: PartyId, name: str) -> None:
    """Have somebody be a client of a firm, found by a name there."""
    await a.mandates(house).know(Party(id=party, kind=PartyKind.PERSON, born=a.BORN), now=house.clock.now())
    await a.given(house, party, number, agent=agent)
    async with a.mandates(house).units.begin() as unit:
        await house.app.rooms.representing.by_name.clients.put(unit, agent, party, turned(folded(name)))


async def furnish(house: House) -> None:
    """Let somebody work for a firm with more clients than a page; another firm has one of that name too."""
    await a.furnish(house)
    other = Party(id=OTHER_FIRM, kind=PartyKind.ORGANISATION)
    await a.mandates(house).know(other, now=house.clock.now())
    await a.given(house, a.FIRM, 1, kind=EdgeKind.STAFF)
    await a.numbered(house, a.FIRM, "90000001")
    for number, party in enumerate(CLIENTS, start=100):
        await client(house, party, number, a.FIRM, f"Zo\u00eb <img src=x onerror=alert({number})>")
    await client(house, ELSEWHERE, 90, OTHER_FIRM, "Zo\u00eb Elders")


async def suggested(
    browser: httpx2.AsyncClient, page: httpx2.Response, words: str, **headers: str
) -> httpx2.Response:
    """Ask as the page's script does."""
    found = re.search(r'data-address="([^"]+)"', page.text)
    assert found
    fields = {"csrf": csrf(page), "name_like": words}
    return await browser.post(found[1], data=fields, headers=headers)


def ids(response: httpx2.Response) -> list[str]:
    return re.findall(r'<li data-id="([^"]+)"', response.text)


async def choosing(house: House) -> tuple[httpx2.AsyncClient, httpx2.Response]:
    browser = a.english(house)
    page = await follow(browser, ASKED)
    assert len(a.offered(page)) == ON_A_PAGE
    return browser, page


async def test_nothing_is_suggested_to_who_is_not_at_this_choice_of_this_login(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    browser, page = await choosing(house)
    path = re.findall(r'data-address="([^"]+)"', page.text)[0]
    # From another site, without the proof of origin, and with that of another browser.
    assert (await suggested(browser, page, "zoe", origin="https://elsewhere.example")).status_code == 403
    assert (await browser.post(path, data={"name_like": "zoe"})).status_code == 403
    stranger, theirs = await choosing(house)
    for response in (
        await suggested(stranger, page, "zoe"),
        await stranger.post(path, data={"csrf": csrf(theirs), "name_like": "zoe"}),
        await house.browser().post(path, data={"csrf": csrf(page), "name_like": "zoe"}),
        await browser.post("/login/nobody/names", data={"csrf": csrf(page), "name_like": "zoe"}),
    ):
        assert response.status_code in {403, 404, 409, 400}
        assert ids(response) == []
    # In no address, also not by accident.
    assert (await browser.get(path, params={"name_like": "zoe"})).status_code == 405
    assert len(ids(await suggested(browser, page, "zoe"))) == SUGGESTED.size
    # Before anybody logged in, and once the login is over.
    early = a.english(house)
    start = await early.get(ASKED)
    assert (await early.post(f"{start.headers['location'].partition('?')[0]}/names")).status_code >= 400
    end = await a.post(browser, page, do="for-myself")
    assert "code" in answer(end)
    over = await suggested(browser, page, "zoe")
    assert over.status_code >= 400
    assert ids(over) == []


@pytest.mark.requires("MANDATES-P18")
async def test_what_is_suggested_is_what_the_button_finds_and_nothing_of_another_firm(house: House) -> None:
    await furnish(house)
    browser, page = await choosing(house)
    found = await suggested(browser, page, "ZOE")
    by_button = await a.post(browser, page, do="find-name", name_like="zoe")
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    first = [sealed.open(each, login) for each in ids(found)]
    assert first == [sealed.open(each, login) for each in a.offered(by_button)][: SUGGESTED.size]
    # Nobody's, another firm's, and too few letters answer alike.
    nothing = {
        (await suggested(browser, page, words)).text
        for words in ("nobody", "elders", "z", "", "%", "\U0010ffff")
    }
    assert len(nothing) == 1
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await suggested(browser, page, "zoe" * 20_000)).status_code in {200, 413}
    # What is chosen from it is chosen as from the list.
    end = await a.post(browser, page, name_like="zoe", whom=ids(found)[0])
    assert "code" in answer(end)


async def test_who_asks_too_fast_waits_and_the_button_still_works(
    lone_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house = lone_house
    await furnish(house)
    browser, page = await choosing(house)
    told = a.told(house)
    await suggested(browser, page, "z")  # too few letters ask nobody, and are not counted
    assert told.asked == []
    for _ in range(SUGGESTING.most):
        assert (await suggested(browser, page, "nobody")).status_code == 200
    asked = len(told.asked)
    for _ in range(5):
        over = await suggested(browser, page, "zoe")
        assert (over.status_code, ids(over)) == (429, [])
        assert 0 < int(over.headers["retry-after"]) <= SUGGESTING.period.total_seconds()
    assert len(told.asked) == asked
    # A new login of the same person has no new quota, and the log has one line, without a name.
    again, other = await choosing(house)
    assert (await suggested(again, other, "zoe")).status_code == 429
    heard = "".join(capsys.readouterr())
    assert heard.count("login:suggested-too-often") == 1
    assert "zoe" not in heard.casefold()
    assert len(a.offered(await a.post(browser, page, do="find-name", name_like="zoe"))) == ON_A_PAGE
    house.clock.advance(SUGGESTING.period)
    late = await follow(browser, ASKED)
    assert len(ids(await suggested(browser, late, "zoe"))) == SUGGESTED.size


async def test_who_looks_too_often_with_the_button_waits_and_still_has_the_list(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    browser, page = await choosing(house)
    every = await a.post(browser, page, do="find-name", name_like="zoe")
    (further,) = re.findall(r'name="names_after" value="([^"]+)"', every.text)
    await a.post(
        browser, page, do="find-name", name_like="z"
    )  # too few letters find nobody, and do not count
    for _ in range(LOOKING.most - 1):
        assert "too often" not in (await a.post(browser, page, do="find-name", name_like="nobody")).text
    for wanted in ({"do": "find-name"}, {"names_after": further}):
        over = await a.post(browser, page, **wanted, name_like="zoe")
        assert "too often" in over.text
        assert "Found by name" not in over.text
        assert len(a.offered(over)) == ON_A_PAGE  # those of the list, whom nobody looked for
    # A new login of the same person has no new quota.
    again, other = await choosing(house)
    assert "too often" in (await a.post(again, other, do="find-name", name_like="zoe")).text
    house.clock.advance(LOOKING.period)
    late = await follow(browser, ASKED)
    assert "too often" not in (await a.post(browser, late, do="find-name", name_like="zoe")).text


async def test_a_page_may_ask_its_own_house_and_nobody_else(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    _, page = await choosing(house)
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
