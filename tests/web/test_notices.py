"""Notices of a login in a new browser: told as the person wishes, once for a place, never of the first."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.journeys.house import PORTAL
from tests.journeys.party import CLINIC_PARTY
from tests.means.bureau import SANNE
from tests.means.keyholders import keyholders_in
from tests.web.citizens import Browser, Town
from toegang.assurance import Level
from toegang.audit.events import AccountBrowserTold, AccountNoticesSet
from toegang.means.citizen.new_browser import KIND, NewBrowsers
from toegang.means.citizen.notifying import Teller
from toegang.means.citizen.telling import KIND as NOTICE
from toegang.means.citizen.telling import Notice
from toegang.means.citizen.ways import Way
from toegang.post.outbox import Message


async def carried(town: Town) -> int:
    """Carry what waits, and return how many messages that were."""
    desk = town.bureau.desk
    messages = await town.bureau.sent(KIND)
    for message in messages:
        await NewBrowsers(teller=Teller(desk=desk, clock=town.bureau.clock)).carry(message)
    return len(messages)


async def logs_in(town: Town, browser: Browser) -> None:
    page = await town.sign_in(browser, await browser.open(CLINIC_PARTY.for_service(PORTAL, prompt="login")))
    assert "code=" in page.address


async def wishes(town: Town, *ways: str, logins: str = "yes") -> None:
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/notices"))
    chosen = {f"way_{way}": "yes" for way in ways}
    assert (await browser.send(page, **chosen, logins=logins)).title == "Your choice was saved"
    await town.bureau.sent(KIND)
    town.bureau.later(days=31)


async def told(town: Town) -> list[tuple[str, ...]]:
    return [event.by for event in await town.bureau.events() if isinstance(event, AccountBrowserTold)]


async def test_the_first_login_is_no_news_and_neither_is_a_known_browser(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    assert await carried(town) == 0
    town.bureau.later(days=31)
    await logs_in(town, browser)
    assert await carried(town) == 0


async def test_a_new_browser_is_told_of_by_text_message_once_for_a_place(town: Town) -> None:
    await town.resident(town.browser())
    for _ in range(3):
        await logs_in(town, town.browser())
    assert await carried(town) == 1
    assert "in a new browser" in (await town.bureau.texts())[-1]["text"]
    assert await told(town) == [("text-message",)]
    town.bureau.later(days=31)
    await logs_in(town, town.browser())
    assert await carried(town) == 1


async def test_a_cookie_that_somebody_made_up_does_not_keep_it_quiet(town: Town) -> None:
    await town.resident(town.browser())
    thief = town.browser()
    thief.http.cookies.set("toegang-device", "A" * 43)
    await logs_in(town, thief)
    assert await carried(town) == 1


async def test_it_is_told_as_the_person_wishes(town: Town) -> None:
    await town.resident(town.browser())
    for wish, ways in ((("letter",), ("letter",)), (("text", "letter"), ("text-message", "letter"))):
        await wishes(town, *wish)
        await logs_in(town, town.browser())
        assert await carried(town) == 1
        assert (await told(town))[-1] == ways
    assert [letter["purpose"] for letter in await town.bureau.letters()][-1] == "new-browser-letter"
    await wishes(town, "text", "letter", logins="")
    await logs_in(town, town.browser())
    assert await carried(town) == 0
    chosen = [event.by for event in await town.bureau.events() if isinstance(event, AccountNoticesSet)]
    assert chosen == ["letter", "letter text", "letter text none"]


async def test_who_has_no_address_gets_a_text_message_for_a_letter(town: Town) -> None:
    await town.resident(town.browser())
    await wishes(town, "letter")
    known = town.bureau.register.people
    known[SANNE] = replace(known[SANNE], address=None)
    await logs_in(town, town.browser())
    assert await carried(town) == 1
    assert await told(town) == [("text-message",)]


async def test_a_choice_is_told_in_the_way_of_before_also_when_logins_are_told_no_more(town: Town) -> None:
    await town.resident(town.browser())
    await wishes(town, "letter", logins="")
    assert [each["text"] for each in await town.bureau.texts() if "How you get" in each["text"]]
    await wishes(town, "letter", logins="")
    assert not [each for each in await town.bureau.texts() if "How you get" in each["text"]]
    await wishes(town, "text")
    (notice,) = [Notice.read(each.payload) for each in await town.bureau.sent(NOTICE)]
    assert (notice.purpose.value, notice.wanted) == ("notices-changed-notice", frozenset({Way.LETTER}))


async def test_one_way_always_remains_and_only_ways_that_reach_the_person(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/notices"))
    assert (await browser.send(page, logins="")).wrong == ["ways"]
    for way in ("mail", "push"):
        assert f'name="way_{way}"' not in page.text
        assert (await browser.send(page, **{f"way_{way}": "yes"})).wrong == ["ways"]
    assert (await town.bureau.account()).notices == "text"
    assert await town.bureau.mails() == []


async def test_a_wish_asks_a_login_of_just_now_and_a_form_of_ours(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open("/account/notices"))
    assert page.title == "Fill in the code from the text message"
    page = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    assert (await browser.send(page, csrf="0" * 64, way_letter="yes")).status == 403
    town.bureau.later(minutes=16)
    assert (await browser.send(page, way_letter="yes")).title == "Log in with user name and password"
    assert (await town.bureau.account()).notices == "text"


async def test_a_passkey_in_a_new_browser_is_told_of_and_makes_that_browser_known(town: Town) -> None:
    keyholders = await keyholders_in(town)
    device = keyholders.device()
    await keyholders.register(device, Level.LOW)
    browser = town.browser()
    await keyholders.log_in(browser, device)
    assert await carried(town) == 1
    assert (await told(town))[-1] == ("text-message",)
    town.bureau.later(days=31)
    await keyholders.log_in(browser, device)
    assert await carried(town) == 0


async def test_a_lowest_level_that_a_clerk_takes_away_is_told_as_the_person_chose(town: Town) -> None:
    await town.resident(town.browser())
    await town.bureau.texts()
    person = (await town.bureau.account()).person
    assert person is not None
    await town.rooms.mine.floor.lift(person, town.bureau.clock.now())
    assert "took away your lowest level" in (await town.bureau.texts())[-1]["text"]


async def test_a_notice_that_another_version_left_stops_nothing_when_it_is_given_up(town: Town) -> None:
    desk, now = town.bureau.desk, town.bureau.clock.now()
    teller = Teller(desk=desk, clock=town.bureau.clock)
    for notice in ("{}", "[]", "7", "{", '{"account": "nobody"}'):
        message = Message(
            id=desk.ids.uuid(),
            kind="sms",
            to_party="text-messages",
            payload=json.dumps({"notice": notice}).encode(),
            until=now,
        )
        async with desk.units.begin() as unit:
            await teller.again(unit, message, now)
    assert await town.bureau.sent(NOTICE) == []
