"""Applying and recovering: what the pages refuse, that they tell nobody anything, and the whole way."""

from __future__ import annotations

import pytest

from tests.means.bureau import DAAN, GOOD, NOBODY, OTHER, SANNE
from tests.web.citizens import PARTICULARS, TWICE, Browser, Page, Town

NEW = {"new_password": OTHER, "repeat_password": OTHER}


async def begun(browser: Browser, bsn: str = SANNE.digits) -> Page:
    page = await browser.open("/account/apply/person")
    return await browser.send(page, bsn=bsn, **PARTICULARS)


async def recovering(browser: Browser) -> Page:
    """Have a letter, and be at the page that asks for its code."""
    page = await browser.open("/account/forgotten")
    page = await browser.send(page, user_name="sanne88", bsn=SANNE.digits)
    return await browser.open("/account/forgotten/letter")


async def test_a_form_without_proof_of_origin_begins_nothing(town: Town) -> None:
    browser = town.browser()
    for path in ("/account/apply/person", "/account/forgotten", "/account/forgotten/letter"):
        page = await browser.open(path)
        sent = await browser.send(page, bsn=SANNE.digits, user_name="sanne88", csrf="0" * 64, **PARTICULARS)
        assert sent.status == 403
    assert await town.bureau.names_of_events() == ["catalogue:changed"]


async def test_an_application_belongs_to_one_browser(town: Town) -> None:
    page, other = await begun(town.browser()), town.browser()
    assert (await other.open(page.address)).status == 403
    mine = await other.open("/account/apply/person")
    assert (await other.send(mine, page.address, user_name="daan1234", **TWICE)).status == 403


async def test_a_page_of_another_browser_says_what_the_person_can_do(town: Town) -> None:
    page, other = await begun(town.browser()), town.browser()
    shown = await other.open(page.address)
    assert shown.title == "You started in another browser"
    assert "Did you start in another browser or on another device? Go on there." in shown.text
    assert "Reference code" in shown.text


async def test_an_application_that_took_too_long_is_over(town: Town) -> None:
    browser = town.browser()
    page = await begun(browser)
    town.bureau.later(minutes=45)
    assert (await browser.open(page.address)).status == 404
    assert (await browser.send(page, user_name="sanne88", **TWICE)).status == 404


def until(page: Page) -> str:
    """Read until when the page says that it can be used."""
    return page.text.partition("You can use this page until ")[2][:5]


@pytest.mark.requires("WCAG22-2.2.1")
async def test_every_page_of_an_application_gives_more_time_and_keeps_what_was_typed(town: Town) -> None:
    browser = town.browser()
    page = await begun(browser)
    began = until(page)
    town.bureau.later(minutes=40)
    more = await browser.send(page, user_name="sanne88", do="extend")
    assert (more.status, began, until(more)) == (200, "13:45", "14:25")
    assert 'value="sanne88"' in more.text
    town.bureau.later(minutes=44)
    page = await browser.send(more, user_name="sanne88", **TWICE)
    page = await browser.send(page, telephone="06 123", do="extend")
    assert 'value="06 123"' in page.text
    town.bureau.later(minutes=44)
    page = await browser.send(page, telephone="06 12345678", do="send")
    page = await browser.send(page, do="extend")
    town.bureau.later(minutes=44)
    page = await browser.send(page, do="resend")
    done = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    assert done.address == "/account/apply/sent"


@pytest.mark.requires("WCAG22-2.2.1")
async def test_more_time_is_given_ten_times_and_then_the_page_says_so(town: Town) -> None:
    browser = town.browser()
    page = await begun(browser)
    for _ in range(10):
        assert "Give me more time" in page.text
        town.bureau.later(minutes=45, seconds=-1)
        page = await browser.send(page, do="extend")
    town.bureau.later(minutes=44)
    page = await browser.send(page, do="extend")
    assert "Give me more time" not in page.text
    assert "You cannot get more time." in page.text
    town.bureau.later(minutes=2)
    over = await browser.send(page, do="extend")
    assert (over.status, over.title) == (404, "You have to start again")
    assert 'href="/account/apply"' in over.text


async def test_more_time_is_given_to_no_other_browser_and_without_proof_of_origin_to_nobody(
    town: Town,
) -> None:
    browser, other = town.browser(), town.browser()
    page = await begun(browser)
    theirs = await other.open("/account/apply/person")
    assert (await other.send(theirs, page.address, do="extend")).status == 403
    assert (await browser.send(page, csrf="0" * 64, do="extend")).status == 403
    town.bureau.later(minutes=45)
    assert (await browser.open(page.address)).status == 404


@pytest.mark.requires("WCAG22-2.2.1")
async def test_every_page_of_a_recovery_gives_more_time_up_to_an_end(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await recovering(browser)
    code = await town.bureau.letter_code()
    page = await browser.send(page, user_name="sanne88", bsn=SANNE.digits, activation_code=code)
    town.bureau.later(minutes=29)
    page = await browser.send(page, do="extend")
    assert page.status == 200
    page = await browser.send(page, do="resend")
    page = await browser.send(page, code=await town.bureau.texted_code())
    for _ in range(9):
        town.bureau.later(minutes=29)
        page = await browser.send(page, do="extend")
        assert (page.status, page.title) == (200, "Choose a new password")
    town.bureau.later(minutes=29)
    assert "You cannot get more time." in (await browser.send(page, do="extend")).text
    town.bureau.later(minutes=30)
    over = await browser.send(page, **NEW)
    assert (over.status, over.title) == (404, "You have to start again")
    assert 'href="/account/forgotten"' in over.text


async def test_a_page_ahead_leads_back_and_its_form_is_refused(town: Town) -> None:
    browser = town.browser()
    page = await begun(browser)
    for step in ("number", "code"):
        ahead = page.address.replace("credentials", step)
        assert (await browser.open(ahead)).address == page.address
        assert (await browser.send(page, ahead, telephone="06 12345678", code="123456")).status == 400
    assert (await browser.send(page, page.address.replace("credentials", "number"), do="skip")).status == 400


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("bsn", "123456789"),
        ("bsn", ""),
        ("birth_date", "31-02-1980"),
        ("birth_date", "1980"),
        ("postal_code", "123 AB"),
        ("house_number", "5a"),
    ],
)
async def test_a_field_that_cannot_be_right_is_told_at_the_field(town: Town, field: str, typed: str) -> None:
    browser = town.browser()
    page = await browser.open("/account/apply/person")
    sent = await browser.send(page, **{"bsn": SANNE.digits, **PARTICULARS, field: typed})
    assert (sent.status, sent.wrong) == (400, [field])


async def test_all_wrong_fields_are_told_at_once_and_what_was_typed_is_kept(town: Town) -> None:
    browser = town.browser()
    sent = await browser.send(await browser.open("/account/apply/person"), bsn="12", postal_code="9999")
    assert sent.wrong == ["bsn", "birth_date", "postal_code", "house_number"]
    assert 'value="12"' in sent.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"user_name": "anna", **TWICE}, "user_name"),
        ({"user_name": SANNE.digits, **TWICE}, "user_name"),
        ({"user_name": "sanne88", "new_password": "short", "repeat_password": "short"}, "new_password"),
        ({"user_name": "sanne88", "new_password": GOOD, "repeat_password": OTHER}, "repeat_password"),
    ],
)
async def test_a_name_or_password_that_may_not_be_is_told(
    town: Town, typed: dict[str, str], field: str
) -> None:
    browser = town.browser()
    sent = await browser.send(await begun(browser), **typed)
    assert (sent.status, sent.wrong) == (400, [field])
    assert GOOD not in sent.text


async def test_a_name_that_somebody_has_is_told(town: Town) -> None:
    await town.applied(town.browser())
    browser = town.browser()
    sent = await browser.send(await begun(browser, DAAN.digits), user_name="sanne88", **TWICE)
    assert sent.wrong == ["user_name"]


async def test_nobody_and_somebody_get_the_same_answers(town: Town) -> None:
    answers = []
    for bsn, name in ((SANNE.digits, "one-name"), (NOBODY.digits, "two-name")):
        browser = town.browser()
        page = await begun(browser, bsn)
        page = await browser.send(page, user_name=name, **TWICE)
        done = await browser.send(page, do="skip")
        answers.append((page.title, done.status, done.address, done.title))
    assert answers[0] == answers[1]
    assert len(await town.bureau.letters()) == 1


async def test_a_wrong_code_is_told_and_another_number_may_be_given(town: Town) -> None:
    browser = town.browser()
    page = await browser.send(await begun(browser), user_name="sanne88", **TWICE)
    page = await browser.send(page, telephone="020 1234567")
    assert page.wrong == ["telephone"]
    page = await browser.send(page, telephone="06 12345678")
    assert "78" in page.text
    assert (await browser.send(page, code="wrong")).wrong == ["code"]
    page = await browser.send(page, do="back")
    assert page.address.endswith("/number")


async def test_the_whole_way_ends_at_a_page_that_says_a_letter_comes(town: Town) -> None:
    done = await town.applied(town.browser())
    assert done.address == "/account/apply/sent"
    assert 'href="/account"' in done.text
    assert len(await town.bureau.letters()) == 1


async def test_asking_for_a_letter_says_the_same_to_everybody(town: Town) -> None:
    await town.resident(town.browser())
    pages = []
    for name, bsn in (("sanne88", SANNE.digits), ("sanne88", DAAN.digits), ("nobody-here", NOBODY.digits)):
        browser = town.browser()
        pages.append(await browser.send(await browser.open("/account/forgotten"), user_name=name, bsn=bsn))
    assert {(page.status, page.address, page.title) for page in pages} == {
        (200, "/account/forgotten/sent", "Your request is with us")
    }


async def test_a_recovery_belongs_to_one_browser_and_skips_no_step(town: Town) -> None:
    await town.resident(town.browser())
    browser, other = town.browser(), town.browser()
    page = await recovering(browser)
    typed = {"user_name": "sanne88", "bsn": SANNE.digits}
    assert (await browser.send(page, activation_code="WRONG", **typed)).wrong == ["activation_code"]
    page = await browser.send(page, activation_code=await town.bureau.letter_code(), **typed)
    ahead = page.address.replace("/code", "/password")
    assert (await other.open(page.address)).status == 403
    assert (await browser.open(ahead)).address == page.address
    assert (await browser.send(page, ahead, **NEW)).status == 400


async def test_recovery_asks_letter_code_and_number_and_gives_a_new_password(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await recovering(browser)
    code = await town.bureau.letter_code()
    page = await browser.send(page, user_name="sanne88", bsn=SANNE.digits, activation_code=code)
    page = await browser.send(page, do="resend")
    page = await browser.send(page, code=await town.bureau.texted_code())
    page = await browser.send(page, new_password=OTHER, repeat_password="something else entirely")
    assert page.wrong == ["repeat_password"]
    assert (await browser.send(page, **NEW)).title == "You have a new password"
    assert (await town.sign_in(browser, await browser.open("/account"))).wrong == [""]
    assert (await town.sign_in(browser, await browser.open("/account"), OTHER)).title == "My account"


async def test_who_lost_the_number_falls_back_to_level_basic(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await recovering(browser)
    code = await town.bureau.letter_code()
    typed = {"user_name": "sanne88", "bsn": SANNE.digits, "activation_code": code, "number_lost": "yes"}
    page = await browser.send(page, **typed)
    assert page.address.endswith("/password")
    await browser.send(page, **NEW)
    page = await town.sign_in(browser, await browser.open("/account"), OTHER)
    assert "none" in page.text
