"""The mail address in My account, also where a hub sends no mail any more."""

from __future__ import annotations

from dataclasses import replace

from tests.web.citizens import Browser, Page, Town
from toegang.audit.events import AccountMailSet
from toegang.post.mail_address import MailAddress

ADDRESS = "sanne@post.example"
PAGE = "/account/mail"


async def with_address_of_before(town: Town) -> None:
    """Let the resident have an address from when this hub still sent mail."""
    desk = town.bureau.desk
    assert desk.posting.mails is None
    account = await town.bureau.account()
    sealed = desk.keys.seal_mail(MailAddress.parse(ADDRESS))
    async with desk.units.begin() as unit:
        await desk.accounts.change(
            unit, account.id, lambda kept: replace(kept, mail=sealed, notices="text mail")
        )


async def at_mail(town: Town) -> tuple[Browser, Page]:
    browser = town.browser()
    return browser, await town.anew(browser, await browser.open(PAGE))


async def test_who_has_an_address_where_no_mail_is_sent_any_more_removes_it(town: Town) -> None:
    await town.resident(town.browser())
    await with_address_of_before(town)
    browser, page = await at_mail(town)
    assert "@post.example" in page.text
    assert 'value="send"' not in page.text
    assert 'value="remove"' in page.text
    await town.bureau.texts()
    page = await browser.send(page, do="remove")
    assert page.status == 200
    assert page.title == "Your mail address was removed"
    assert (await town.bureau.account()).mail is None
    events = [each for each in await town.bureau.events() if isinstance(each, AccountMailSet)]
    assert [(each.known_before, each.known) for each in events] == [(True, False)]
    assert "mail" in (await town.bureau.texts())[-1]["text"]
    page = await browser.open(PAGE)
    assert 'value="remove"' not in page.text
    # Pressed again in another tab, it removes nothing twice and tells nobody again.
    page = await browser.send(await browser.open("/account/letters"), PAGE, do="remove")
    assert page.status == 200
    assert await town.bureau.texts() == []


async def test_where_no_mail_is_sent_none_is_given(town: Town) -> None:
    await town.resident(town.browser())
    browser, page = await at_mail(town)
    assert 'name="mail"' not in page.text
    page = await browser.send(await browser.open("/account/letters"), PAGE, do="send", mail=ADDRESS)
    assert (page.status, page.title) == (403, "My mail address")
    assert "We do not send mail" in page.text
    assert (await town.bureau.account()).mail is None


async def test_removing_asks_a_login_of_just_now_and_a_form_of_ours(town: Town) -> None:
    await town.resident(town.browser())
    await with_address_of_before(town)
    browser, page = await at_mail(town)
    assert (await browser.send(replace(page, text=""), PAGE, do="remove")).status == 403
    town.bureau.later(hours=1)
    assert (await browser.send(page, PAGE, do="remove")).title != "Your mail address was removed"
    assert (await town.bureau.account()).mail is not None
