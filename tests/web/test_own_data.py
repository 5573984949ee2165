"""My data in one file: all of it, for nobody but the person, and never a secret."""

from __future__ import annotations

import json
import re

from tests.journeys.house import PORTAL
from tests.journeys.party import CLINIC_PARTY
from tests.means.bureau import GOOD, SANNE
from tests.means.telephones import telephones_in
from tests.web import sentences
from tests.web.citizens import Browser, Page, Town
from toegang.audit.events import AccountDataDownloaded
from toegang.provider.own_data import FORMAT


async def lived(town: Town) -> Browser:
    """Have an account with an app, and log in somewhere."""
    phones, browser = await telephones_in(town), town.browser()
    await phones.add(browser)
    page = await browser.send(await browser.open(CLINIC_PARTY.for_service(PORTAL)), means="citizen-account")
    await town.sign_in(browser, page)
    town.bureau.later(minutes=20)
    return browser


async def asked(town: Town, browser: Browser) -> Page:
    page = await browser.open("/account/data")
    if page.title == "How do you want to log in?":
        page = await browser.send(page, means="citizen-account")
    return await town.anew(browser, page)


async def test_the_file_has_a_part_of_every_room_and_no_secret(town: Town) -> None:
    browser = await lived(town)
    sent = await browser.send(await asked(town, browser), do="json")
    assert sent.headers["content-disposition"].startswith('attachment; filename="my-data-')
    assert sent.headers["cache-control"] == "no-store"
    found = json.loads(sent.text)
    assert found["format"] == FORMAT
    parts = {name for name in found if name not in {"format", "made_at"}}
    assert parts == {"account", "means", "devices", "sessions", "logins", "mandates", "trail"}
    assert all(found[name] for name in parts - {"sessions", "mandates"})
    [account] = found["account"]
    assert (account["bsn"], account["telephone"]) == (SANNE.digits, "+31612345678")
    assert {one["event"] for one in found["trail"]} >= {"account:activated", "login:completed"}
    kept = await town.bureau.account()
    for secret in (GOOD, kept.password or "", (kept.name or b"").hex(), "argon2"):
        assert secret not in sent.text
    assert not re.search(r"token|salt|sha256|device_key|pin_key", sent.text)


async def test_the_page_to_read_stands_alone(town: Town) -> None:
    browser = await lived(town)
    sent = await browser.send(await asked(town, browser), do="html")
    assert sent.headers["content-type"].startswith("text/html")
    assert SANNE.digits in sent.text
    assert not re.search(r"<(script|link|img|form)", sent.text)


async def test_the_page_to_read_says_in_dutch_what_each_thing_is(town: Town) -> None:
    """What the audit trail says besides has the names of our systems; a value is never such a name."""
    browser = await lived(town)
    sent = await browser.send(await asked(town, browser), "/account/data?ui_locales=nl", do="html")
    told, _, trail = sent.text.partition("<h2>Wat is vastgelegd</h2>")
    names = re.findall(r"<dt>([^<]*)</dt>", told)
    dutch = {message.string for message in sentences.dutch()}
    assert names
    assert {name for name in names if name not in dutch} == set()
    assert "<dd>midden</dd>" in told
    assert "<dd>U hebt ingelogd</dd>" in trail
    assert not re.search(r"\d{4}-\d\d-\d\dT|\d\d:\d\d:\d\d|<dd>(True|False|low|active|completed)</dd>", told)


async def test_it_asks_a_login_of_just_now_at_the_level_of_the_account(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open("/account/data"))
    assert page.title == "Fill in the code from the text message"
    page = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    town.bureau.later(minutes=16)
    late = await browser.send(page, do="json")
    assert late.title == "Log in with user name and password"
    assert not [event for event in await town.bureau.events() if isinstance(event, AccountDataDownloaded)]


async def test_a_form_from_elsewhere_gets_nothing_and_every_file_is_recorded(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await asked(town, browser)
    assert (await browser.send(page, csrf="0" * 64, do="json")).status == 403
    await browser.send(page, do="json")
    recorded = [event for event in await town.bureau.events() if isinstance(event, AccountDataDownloaded)]
    assert [event.format for event in recorded] == ["json"]
    for _ in range(9):
        await browser.send(page, do="html")
    assert (await browser.send(page, do="html")).status == 429
