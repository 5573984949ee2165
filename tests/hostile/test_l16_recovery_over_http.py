"""L16 over the wire: an address of one step, one flow, one browser or one person opens no other.

What is not there cannot be attacked: recovery by mail (there are no mail addresses), and an interface of
its own by which somebody could vouch for a number; a number is changed in My account, after a fresh login.
"""

from __future__ import annotations

import pytest

from tests.means.bureau import DAAN, GOOD, OTHER, SANNE
from tests.web.citizens import Browser, Page, Town

NEW = {"new_password": OTHER, "repeat_password": OTHER}
MINE = {"user_name": "sanne88", "bsn": SANNE.digits}


async def asked(browser: Browser) -> Page:
    """Ask a letter, and be at the page for its code."""
    await browser.send(await browser.open("/account/forgotten"), **MINE)
    return await browser.open("/account/forgotten/letter")


async def opened(town: Town, browser: Browser) -> Page:
    """Give the letter's code, and be at the page for the code by text message."""
    page = await asked(browser)
    return await browser.send(page, activation_code=await town.bureau.letter_code(), **MINE)


async def signs_in(town: Town, password: str) -> bool:
    browser = town.browser()
    return (await town.sign_in(browser, await browser.open("/account"), password)).wrong == []


async def test_the_password_page_is_not_reached_before_the_number_is_proven(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await opened(town, browser)
    ahead = page.address.replace("/code", "/password")
    for _ in range(2):
        assert (await browser.open(ahead)).address == page.address
        assert (await browser.send(page, ahead, **NEW)).status == 400
        page = await browser.send(page, do="resend")
    assert (await browser.send(page, code="")).status == 400
    assert await signs_in(town, GOOD)


async def test_the_letter_is_of_no_use_with_another_name_or_number(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page, code = await asked(browser), await town.bureau.letter_code()
    for changed in ({"user_name": "daan1234"}, {"bsn": DAAN.digits}, {"user_name": "", "bsn": ""}):
        sent = await browser.send(page, activation_code=code, **(MINE | changed))
        assert sent.status in {400, 429}
        assert "/account/forgotten/letter" in sent.address


async def test_the_address_of_a_recovery_is_nothing_to_another_browser_or_another_flow(town: Town) -> None:
    await town.resident(town.browser())
    browser, thief = town.browser(), town.browser()
    page = await opened(town, browser)
    name = page.address.split("/")[3]
    await thief.open("/help")
    own = await thief.open("/account/forgotten")
    for step in ("code", "password"):
        address = f"/account/forgotten/{name}/{step}"
        assert (await thief.open(address)).status == 403
        assert (await thief.send(own, address, code="123456", **NEW)).status == 403
    for elsewhere in (
        f"/account/apply/{name}/credentials",
        f"/account/apply/{name}/code",
        f"/means/citizen/{name}/password",
        f"/means/citizen/{name}/code",
        f"/login/{name}",
        f"/account/number/{name}",
        f"/account/enter/{name}",
    ):
        shown = await browser.http.get(elsewhere)
        assert shown.status_code in {303, 400, 403, 404, 410}, elsewhere
        assert "new_password" not in shown.text, elsewhere


async def test_a_finished_recovery_is_over_and_its_letter_too(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await asked(browser)
    letter = await town.bureau.letter_code()
    page = await browser.send(page, activation_code=letter, **MINE)
    page = await browser.send(page, do="resend")
    last = await browser.send(page, code=await town.bureau.texted_code())
    assert (await browser.send(last, **NEW)).title == "You have a new password"
    third = {"new_password": GOOD, "repeat_password": GOOD}
    assert (await browser.send(last, **third)).status in {303, 400, 404, 410}
    again = await browser.send(
        await browser.open("/account/forgotten/letter"), activation_code=letter, **MINE
    )
    assert again.status in {400, 429}
    assert await signs_in(town, OTHER)


@pytest.mark.parametrize("header", ["referer", "x-original-url", "x-rewrite-url"])
async def test_no_header_carries_a_browser_to_a_later_step(town: Town, header: str) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await opened(town, browser)
    ahead = page.address.replace("/code", "/password")
    shown = await browser.http.get(page.address, headers={header: ahead})
    assert "new_password" not in shown.text
    sent = await browser.http.post(ahead, data={"csrf": page.csrf, **NEW}, headers={header: page.address})
    assert sent.status_code == 400
    assert await signs_in(town, GOOD)


async def test_no_page_of_recovery_tells_its_address_to_others(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await opened(town, browser)
    assert page.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert page.headers["cache-control"] == "no-store"
    assert "https://" not in page.text.partition("<main")[2].partition("</main")[0]
