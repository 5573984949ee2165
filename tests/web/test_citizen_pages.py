"""The sign-in pages: what they refuse, and how a login goes through them."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.journeys.house import PORTAL, REDIRECT, RESULTS
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY
from tests.means.bureau import GOOD
from tests.web.citizens import Browser, Page, Town


async def begin(browser: Browser) -> Page:
    """Be sent to the sign-in page by a service at level basis."""
    return await browser.open(CLINIC_PARTY.for_service(PORTAL))


async def begin_low(browser: Browser) -> Page:
    """Be sent to the sign-in page by a service at level low."""
    return await browser.open(CLINIC_PARTY.for_service(RESULTS))


async def test_a_form_without_proof_of_origin_is_refused(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await begin(town.browser())
    for csrf in ("", "0" * 64, page.csrf):
        sent = await browser.send(page, user_name="sanne88", password=GOOD, csrf=csrf)
        assert sent.status == 403
        assert "toegang-session" not in sent.headers.get("set-cookie", "")


async def test_a_page_of_another_browser_shows_nothing(town: Town) -> None:
    page, other = await begin(town.browser()), town.browser()
    assert (await other.open(page.address)).status == 403
    await other.open("/help")
    mine = await other.open("/account/apply/person")
    assert (await other.send(mine, page.address, user_name="x", password="y")).status == 403


async def test_an_unknown_login_is_not_found(town: Town) -> None:
    for page in ("password", "code", "activation"):
        assert (await town.browser().open(f"/means/citizen/no-such-login/{page}")).status == 404


async def test_a_step_that_was_not_reached_leads_to_the_one_that_is_next(town: Town) -> None:
    browser = town.browser()
    page = await begin(browser)
    for step in ("code", "activation"):
        ahead = page.address.replace("password", step)
        assert (await browser.open(ahead)).address == page.address
        assert (await browser.send(page, ahead, code="123456", activation_code="x")).status == 400


async def test_wrong_credentials_are_told_on_the_page_and_never_which(town: Town) -> None:
    browser = town.browser()
    await town.resident(town.browser())
    page = await begin(browser)
    for name in ("sanne88", "nobody-has-this"):
        sent = await browser.send(page, user_name=name, password="not the right one at all")
        assert (sent.status, sent.wrong) == (400, [""])
        assert f'value="{name}"' in sent.text
        assert "not the right one" not in sent.text


async def test_too_many_tries_say_when_to_come_back(town: Town) -> None:
    browser = town.browser()
    page = await begin(browser)
    for _ in range(4):
        await browser.send(page, user_name="sanne88", password="not the right one at all")
    sent = await browser.send(page, user_name="sanne88", password="not the right one at all")
    assert sent.status == 429
    assert int(sent.headers["retry-after"]) > 0
    assert sent.wrong == [""]


async def test_a_wrong_code_counts_and_the_code_is_gone_in_the_end(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await begin_low(browser))
    right = await town.bureau.texted_code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert (await browser.send(page, code=wrong)).wrong == ["code"]
    gone = await browser.send(page, code=right)
    assert gone.status == 400
    assert "This code is too old" in gone.text


async def test_an_expired_login_leads_to_the_page_that_says_so(town: Town) -> None:
    browser = town.browser()
    page = await begin(browser)
    town.bureau.later(minutes=59)
    again = await browser.open(page.address)
    assert urlsplit(again.address).path.startswith("/login/")
    assert "Your time is over" in again.text or "too long" in again.text


async def test_a_used_sign_in_cannot_be_used_again(town: Town) -> None:
    browser = town.browser()
    await town.resident(town.browser())
    page = await begin(browser)
    done = await town.sign_in(browser, page)
    assert done.address.startswith(REDIRECT)
    assert (await browser.open(page.address)).status == 410
    assert (await town.sign_in(browser, page)).status == 410


async def test_password_and_code_prove_level_low_to_the_service(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await browser.open(TOWN_PARTY.url())
    done = await town.anew(browser, page)
    assert done.address.startswith(REDIRECT)
    assert "code=" in done.address
    assert "toegang-device" in browser.http.cookies


async def test_the_page_allows_the_form_to_end_at_the_service(town: Town) -> None:
    page = await begin(town.browser())
    assert "form-action 'self' http://localhost:9000;" in page.headers["content-security-policy"]


async def test_another_code_replaces_the_first(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await begin_low(browser))
    first = await town.bureau.texted_code()
    town.bureau.later(minutes=1)
    page = await browser.send(page, do="resend")
    second = await town.bureau.texted_code()
    if first != second:
        assert (await browser.send(page, code=first)).wrong == ["code"]
    assert (await browser.send(page, code=second)).address.startswith(REDIRECT)


async def test_more_time_keeps_what_was_filled_in(town: Town) -> None:
    browser = town.browser()
    page = await begin(browser)
    town.bureau.later(minutes=10)
    longer = await browser.send(page, user_name="sanne88", password=GOOD, do="extend")
    assert longer.status == 200
    assert 'value="sanne88"' in longer.text
    assert GOOD not in longer.text


async def test_going_back_leads_to_the_choice_of_means(town: Town) -> None:
    browser = town.browser()
    page = await begin(browser)
    back = await browser.send(page, do="back")
    assert urlsplit(back.address).path.startswith("/login/")
    assert back.title == "How do you want to log in?"


async def test_an_application_is_activated_on_the_way_to_a_service(town: Town) -> None:
    browser = town.browser()
    await town.applied(browser)
    page = await town.sign_in(browser, await begin(browser))
    assert page.address.endswith("/activation")
    assert (await browser.send(page, activation_code="WRONG-CODE")).wrong == ["activation_code"]
    done = await browser.send(page, activation_code=await town.bureau.letter_code())
    assert done.address.startswith(REDIRECT)


async def without_number(town: Town) -> tuple[Browser, Page]:
    """Be at a service of level low with an account that has no number."""
    await town.resident(town.browser(), number="")
    browser = town.browser()
    return browser, await town.sign_in(browser, await begin_low(browser))


async def test_who_has_no_number_is_led_to_adding_one_and_back_to_the_service(town: Town) -> None:
    browser, page = await without_number(town)
    assert (page.status, page.title) == (200, "You need a telephone number for this service")
    assert 'href="/account/number"' in page.text
    number = await town.sign_in(browser, await browser.open("/account/number"))
    number = await browser.send(number, telephone="06 12345678")
    await browser.send(number, code=await town.bureau.texted_code())
    town.bureau.later(minutes=1)
    page = await browser.open(page.address)
    assert (await browser.send(page, letter_code="wrong", do="add")).wrong == ["letter_code"]
    page = await browser.send(page, letter_code=await town.bureau.letter_code(), do="add")
    assert page.title == "Fill in the code from the text message"
    page = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    assert page.address.startswith(f"{REDIRECT}?code=")


async def test_who_goes_back_without_a_number_is_answered_that_the_level_was_not_reached(town: Town) -> None:
    browser, page = await without_number(town)
    assert "Give me more time" in (await browser.send(page, do="extend")).text
    back = await browser.send(page, do="stop")
    assert f"{REDIRECT}?error=unmet_authentication_requirements" in back.address


async def test_who_has_no_number_may_choose_another_means(town: Town) -> None:
    browser, page = await without_number(town)
    assert (await browser.send(page, do="back")).title == "How do you want to log in?"


async def test_no_code_of_a_letter_is_asked_before_the_password(town: Town) -> None:
    browser = town.browser()
    page = await begin_low(browser)
    ahead = page.address.replace("password", "number")
    assert (await browser.open(ahead)).address == page.address
    assert (await browser.send(page, ahead, letter_code="x", do="add")).status == 400
