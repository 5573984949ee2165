"""My account: who gets in, what is refused, and what can be changed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.journeys.house import PORTAL, REDIRECT
from tests.journeys.party import CLINIC_PARTY
from tests.means.bureau import GOOD, OTHER
from tests.web.citizens import Browser, Page, Town
from toegang.login.transaction import Browser as BoundBrowser
from toegang.web.account import LETTER
from toegang.web.staying import HOME

NEW = {"new_password": OTHER, "repeat_password": OTHER}
PAGES = ("", "/history", "/devices", "/password", "/number", "/suspend", "/end", "/misuse")
CHANGES = ("/password", "/number", "/suspend", "/end")


async def ticket_of(browser: Browser) -> str:
    """Log in to My account, and stop at the ticket."""
    page = await browser.open("/account")
    form = {"csrf": page.csrf, "user_name": "sanne88", "password": GOOD}
    response = await browser.http.post(page.address, data=form)
    location = response.headers["location"]
    assert location.startswith("/account/enter/")
    return str(location)


def at(page: Page) -> str:
    return urlsplit(page.address).path


@pytest.mark.parametrize("page", PAGES)
async def test_who_is_not_inside_logs_in_first_and_then_sees_the_page(town: Town, page: str) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    asked = await browser.open(HOME + page)
    assert asked.title == "Log in with user name and password"
    inside = await town.sign_in(browser, asked)
    if page in CHANGES:  # they ask the level that the account can prove, in the same login
        assert inside.title == "Fill in the code from the text message"
        inside = await browser.send(inside, code=await town.bureau.texted_code(), do="confirm")
    assert at(inside) == HOME + page


@pytest.mark.parametrize("page", CHANGES)
async def test_who_has_no_number_is_asked_for_no_code(town: Town, page: str) -> None:
    await town.resident(town.browser(), number="")
    browser = town.browser()
    assert at(await town.sign_in(browser, await browser.open(HOME + page))) == HOME + page


async def test_the_code_of_a_change_cannot_be_skipped(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open("/account/end"))
    assert (await browser.send(page, code="wrong")).wrong == ["code"]
    assert (await browser.open("/account/end")).title == "Log in with user name and password"


async def test_a_ticket_works_once(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    ticket = await ticket_of(browser)
    assert (await browser.open(ticket)).title == "My account"
    assert (await browser.open(ticket)).status == 400


async def test_a_ticket_works_in_no_other_browser_and_is_gone_then(town: Town) -> None:
    await town.resident(town.browser())
    browser, other = town.browser(), town.browser()
    ticket = await ticket_of(browser)
    await other.open("/help")
    assert (await other.open(ticket)).status == 403
    assert (await browser.open(ticket)).status == 400


async def test_a_ticket_is_good_for_a_minute(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    ticket = await ticket_of(browser)
    town.bureau.later(seconds=60)
    assert (await browser.open(ticket)).status == 400


async def test_a_stolen_cookie_of_a_stay_opens_nothing_in_another_browser(town: Town) -> None:
    mine, thief = town.browser(), town.browser()
    await town.resident(mine)
    await thief.open("/help")
    thief.http.cookies.set("toegang-account", mine.http.cookies["toegang-account"])
    assert (await thief.open("/account")).title == "Log in with user name and password"


async def test_a_form_without_proof_of_origin_changes_nothing(town: Town) -> None:
    browser = town.browser()
    page = await town.resident(browser)
    for path in ("/password", "/number", "/end", "/misuse", "/devices", "/logout"):
        sent = await browser.send(page, HOME + path, csrf="0" * 64, sure="yes", **NEW)
        assert sent.status == 403
    assert (await browser.open("/account")).title == "My account"


async def test_a_cookie_never_leads_to_a_page_that_is_not_on_the_list(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    ticket = await ticket_of(browser)
    browser.http.cookies.set("toegang-goal", "//evil.example")
    assert (await browser.open(ticket)).address == "/account"


async def test_a_change_asks_a_login_of_just_now(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    asked = await browser.open("/account/password")
    assert asked.title == "Log in with user name and password"
    page = await town.anew(browser, asked)
    assert at(page) == "/account/password"
    town.bureau.later(minutes=16)
    assert (
        await browser.send(page, current_password=GOOD, **NEW)
    ).title == "Log in with user name and password"


async def test_a_wrong_present_password_is_told_at_its_field(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/password"))
    sent = await browser.send(page, current_password="not the right one at all", **NEW)
    assert (sent.status, sent.wrong) == (400, ["current_password"])


async def test_a_changed_password_ends_the_stay_and_is_the_one_that_works(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/password"))
    assert (await browser.send(page, current_password=GOOD, **NEW)).title == "You have a new password"
    page = await browser.open("/account")
    assert (await town.sign_in(browser, page)).wrong == [""]
    assert (await town.sign_in(browser, page, OTHER)).title == "My account"


async def test_a_number_is_added_with_a_code_to_it_and_then_the_code_of_a_letter(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser, number="")
    page = await browser.open("/account/number")
    assert page.title == "Add a telephone number"
    assert (await browser.send(page, telephone="020 1234567")).wrong == ["telephone"]
    page = await browser.send(page, telephone="06 12345678")
    code = await town.bureau.texted_code()
    wrong = "000000" if code != "000000" else "111111"
    assert (await browser.send(page, code=wrong)).wrong == ["code"]
    page = await browser.send(page, code=code)
    assert (page.address, page.title) == (LETTER, "Add your number with the code from the letter")
    assert (await browser.send(page, letter_code="wrong")).wrong == ["letter_code"]
    assert "waits for the code from your letter" in (await browser.open("/account/number")).text
    done = await browser.send(page, letter_code=await town.bureau.letter_code())
    assert done.title == "You added your telephone number"
    assert "ends in 78" in (await browser.open("/account")).text


async def test_the_address_in_the_letter_asks_one_login_and_then_the_code(town: Town) -> None:
    await town.resident(town.browser(), number="")
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open(LETTER))
    assert at(page) == LETTER
    assert "No telephone number waits for a code" in page.text
    assert (await browser.send(page, letter_code="BCDF-GHJK-MN")).wrong == ["letter_code"]


async def test_a_number_that_rests_says_from_when_it_can_be_changed(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/number"))
    assert "4 March 2027" in page.text
    assert "tried too often" not in page.text
    sent = await browser.send(page, telephone="06 87654321")
    assert (sent.status, sent.wrong) == (400, ["telephone"])
    assert "4 March 2027" in sent.text
    town.bureau.later(days=3)
    page = await town.anew(browser, await browser.open("/account/number"))
    page = await browser.send(page, telephone="06 87654321")
    assert page.title == "Fill in the code from the text message"


async def test_a_change_of_number_of_nobody_is_refused(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser, number="")
    assert (await browser.open("/account/number/no-such-change")).status == 400


async def test_ending_asks_whether_the_person_is_sure(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/end"))
    assert (await browser.send(page)).wrong == ["sure"]
    assert (await browser.send(page, sure="yes")).title == "Your account is ended"
    assert (await town.sign_in(browser, await browser.open("/account"))).wrong == [""]


async def test_a_suspended_account_lets_nobody_in_and_says_how_to_use_it_again(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/suspend"))
    assert (await browser.send(page)).wrong == ["sure"]
    assert (await browser.send(page, sure="yes")).title == "Your account is suspended"
    wrong = await town.sign_in(browser, await browser.open("/account"), OTHER)
    assert (wrong.status, wrong.wrong) == (400, [""])
    assert "suspended" not in wrong.text
    closed = await town.sign_in(browser, await browser.open("/account"))
    assert (closed.status, closed.title) == (403, "You cannot use this account")
    assert 'href="/account/forgotten"' in closed.text


async def test_reported_misuse_locks_the_account_at_once(town: Town) -> None:
    browser = town.browser()
    page = await town.resident(browser)
    reference = page.text.partition("/account/history/")[2].partition('"')[0]
    page = await browser.open(f"/account/misuse?reference={reference}")
    assert reference in page.text
    assert (await browser.send(page)).title == "We received your report"
    assert (await town.sign_in(browser, await browser.open("/account"))).status == 403
    assert "account:misuse-reported" in await town.bureau.names_of_events()


async def test_the_person_sees_their_logins_and_nobody_elses(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    login = await browser.open(CLINIC_PARTY.for_service(PORTAL))
    assert (await town.sign_in(browser, login)).address.startswith(REDIRECT)
    page = await browser.open("/account/history")
    references = [part.partition('"')[0] for part in page.text.split("/account/history/")[1:]]
    entry = await browser.open(f"/account/history/{references[0]}")
    assert "You logged in." in entry.text
    assert (await browser.open("/account/history/AAAA-BBBB-CC")).status == 404
    others = await a_login_of_nobody(town)
    assert (await browser.open(f"/account/history/{others}")).status == 404
    assert others not in (await browser.open(f"/account/misuse?reference={others}")).text.split("<main")[1]


async def a_login_of_nobody(town: Town) -> str:
    """Stop a login of which nobody was proven, and return its reference."""
    other = town.browser()
    page = await other.open(CLINIC_PARTY.for_service(PORTAL))
    page = await other.send(page, do="back")
    login = page.address.rpartition("/")[2]
    secret = other.http.cookies["toegang-browser"]
    reference = (await town.rooms.logins.find(login, BoundBrowser(secret=secret), town.bureau.now)).reference  # type: ignore[arg-type]
    await other.send(page, do="stop")
    return reference


async def test_a_moment_that_is_none_shows_the_latest_logins(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    for before in ("yesterday", "2027-13-01", "2027-03-09", "9" * 400):
        assert (await browser.open(f"/account/history?before={before}")).status == 200


async def test_devices_are_shown_and_forgotten(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await browser.open("/account/devices")
    assert "This device" in page.text
    assert "We know no device" in (await browser.send(page, do="forget")).text


async def test_logging_out_ends_the_stay_and_works_for_who_is_not_inside(town: Town) -> None:
    browser = town.browser()
    page = await town.resident(browser)
    assert (await browser.send(page, "/account/logout")).status == 200
    assert (await browser.open("/account")).title == "Log in with user name and password"
    page = await browser.open("/account/apply/person")
    assert (await browser.send(page, "/account/logout")).status == 200


async def test_a_login_that_is_stopped_says_so_and_offers_to_try_again(town: Town) -> None:
    browser = town.browser()
    page = await browser.send(await browser.open("/account"), do="back")
    page = await browser.send(page, do="stop")
    assert (page.address, page.title) == ("/account/refused", "You are not logged in")
