"""Tabs, the back button, a reload, a lost cookie, another browser: each leads somewhere sensible."""

from __future__ import annotations

from datetime import timedelta

import httpx2

from tests.journeys.house import BENCH, LOW_MEANS, House, means
from tests.journeys.party import TOWN_PARTY, answer, follow
from toegang.assurance import Level


async def begun(house: House, browser: httpx2.AsyncClient) -> str:
    """Begin a login with a choice of two means; return its address."""
    await house.put(means(LOW_MEANS, Level.LOW))
    response = await browser.get(TOWN_PARTY.url())
    return str(response.headers["location"])


def csrf(page: httpx2.Response) -> str:
    """Return the proof of origin in a page's form."""
    return page.text.split('name="csrf" value="')[1].split('"')[0]


async def choose(browser: httpx2.AsyncClient, login: str, chosen: str) -> httpx2.Response:
    """Choose a means on the page of a login."""
    page = await browser.get(login)
    return await browser.post(login, data={"csrf": csrf(page), "means": chosen})


async def test_two_tabs_are_two_logins_and_both_are_answered(house: House) -> None:
    browser = house.browser()
    first, second = await begun(house, browser), await begun_again(browser)
    assert first != second
    for login in (first, second):
        gone = await choose(browser, login, BENCH)
        assert answer(await browser.get(gone.headers["location"]))["code"]


async def begun_again(browser: httpx2.AsyncClient) -> str:
    return str((await browser.get(TOWN_PARTY.url())).headers["location"])


async def test_a_reload_shows_the_same_page_and_the_back_button_after_the_end_says_it_is_over(
    house: House,
) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    assert (await browser.get(login)).text == (await browser.get(login)).text
    gone = await choose(browser, login, BENCH)
    await browser.get(gone.headers["location"])
    over = await browser.get(login)
    assert over.status_code == 410
    assert "Dit inloggen is voorbij" in over.text


async def test_the_same_means_page_used_twice_gives_one_answer(house: House) -> None:
    browser = house.browser()
    gone = await choose(browser, await begun(house, browser), BENCH)
    first = await browser.get(gone.headers["location"])
    second = await browser.get(gone.headers["location"])
    assert answer(first)["code"]
    assert second.status_code == 410


async def test_another_browser_gets_no_further_and_changes_nothing(house: House) -> None:
    owner, other = house.browser(), house.browser()
    login = await begun(house, owner)
    await other.get(login)
    shown = await other.get(login)
    page = await owner.get(login)
    posted = await other.post(login, data={"csrf": csrf(page), "means": BENCH})
    assert shown.status_code == 403
    assert posted.status_code == 403
    assert (await owner.get(login)).status_code == 200


async def test_a_browser_that_lost_its_cookie_is_told_so(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    browser.cookies.clear()
    lost = await browser.get(login)
    assert lost.status_code == 403
    assert "U begon in een andere browser" in lost.text


async def test_a_login_that_took_too_long_can_still_be_answered_with_a_refusal(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    house.clock.advance(timedelta(minutes=16))
    page = await browser.get(login)
    told = answer(await browser.post(login, data={"csrf": csrf(page), "do": "back"}))
    assert told["error"] == "access_denied"
    assert told["state"] == "a-state"


async def test_an_extra_quarter_of_an_hour_is_given_up_to_an_hour_in_all(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    statuses = []
    for _ in range(8):
        house.clock.advance(timedelta(minutes=10))
        page = await browser.get(login)
        statuses.append((await browser.post(login, data={"csrf": csrf(page), "do": "extend"})).status_code)
    assert statuses == [303] * 5 + [410] * 3


async def test_stopping_tells_the_service_and_ends_the_login(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    page = await browser.get(login)
    told = answer(await browser.post(login, data={"csrf": csrf(page), "do": "stop"}))
    assert told["error"] == "access_denied"
    assert (await browser.get(login)).status_code == 410


async def test_a_form_without_its_proof_or_from_another_site_is_refused(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    page = await browser.get(login)
    without = await browser.post(login, data={"means": BENCH})
    foreign = await browser.post(
        login, data={"csrf": csrf(page), "means": BENCH}, headers={"origin": "https://evil.example"}
    )
    assert (without.status_code, foreign.status_code) == (403, 403)


async def test_a_means_that_is_not_offered_cannot_be_chosen(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    assert (await choose(browser, login, "somebody-elses")).status_code == 400


async def test_a_remembered_choice_is_followed_and_can_be_reset(house: House) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    page = await browser.get(login)
    await browser.post(login, data={"csrf": csrf(page), "means": BENCH, "remember": "yes"})
    straight = await browser.get(TOWN_PARTY.url())
    assert "/means/bench/" in straight.headers["location"]

    again = straight.headers["location"].rsplit("/", 1)[1]
    await browser.post(f"/login/{again}", data={"csrf": csrf(page), "do": "again"})
    assert "/login/" in (await browser.get(TOWN_PARTY.url())).headers["location"]


async def test_the_pages_and_the_answer_carry_the_headers_that_keep_them_ours(house: House) -> None:
    browser = house.browser()
    page = await browser.get(await begun(house, browser))
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:9000" in policy
    assert page.headers["cache-control"] == "no-store"
    assert (await follow(browser, TOWN_PARTY.url())).headers["referrer-policy"] == "same-origin"


async def test_a_request_by_post_from_another_site_leaves_the_logins_of_other_tabs_alone(
    house: House,
) -> None:
    browser = house.browser()
    login = await begun(house, browser)
    kept = dict(browser.cookies)
    other_site = house.browser()
    path, _, query = TOWN_PARTY.url().partition("?")
    posted = await other_site.post(
        path, content=query, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert posted.status_code == 303
    assert "set-cookie" not in posted.headers
    followed = await browser.get(posted.headers["location"])
    assert "/login/" in followed.headers["location"]
    assert dict(browser.cookies) == kept
    assert (await browser.get(login)).status_code == 200


async def test_my_account_is_entered_by_an_ordinary_login(house: House) -> None:
    browser = house.browser()
    begun_here = await browser.get("/account")
    assert begun_here.status_code == 303
    entered = await follow(browser, begun_here.headers["location"])
    assert entered.status_code in {200, 403}
