"""L10: passkeys that somebody wants to add: made elsewhere, before, by others, or without a fresh login."""

from __future__ import annotations

import pytest

from demo.authenticator import encode
from tests.means.keyholders import ELSEWHERE, NEW, Keyholders, added, keyholders_in, options_of, send
from tests.web.citizens import Browser, Page, Town


@pytest.fixture
async def keyholders(town: Town) -> Keyholders:
    return await keyholders_in(town)


@pytest.mark.requires("WEBAUTHN3-7.1")
async def test_a_passkey_made_on_another_page_is_not_added(keyholders: Keyholders) -> None:
    browser, device = keyholders.town.browser(), keyholders.device()
    page = await keyholders.to_new(browser)
    for changes in (*ELSEWHERE, {"type": "webauthn.get"}):
        page = await send(browser, page, device.create(options_of(page), **changes), passkey_name="Laptop")
        assert (changes, page.status, page.title) == (changes, 403, "Add a passkey")
    assert await keyholders.passkeys() == ()


async def refused_to_add(keyholders: Keyholders, browser: Browser, answer: object, page: Page) -> Page:
    page = await send(browser, page, answer, passkey_name="Laptop")
    assert await keyholders.passkeys() == ()
    return page


async def test_a_passkey_is_not_added_without_verification_of_the_person(keyholders: Keyholders) -> None:
    browser, device = keyholders.town.browser(), keyholders.device(verified=False)
    page = await keyholders.to_new(browser)
    assert (await refused_to_add(keyholders, browser, device.create(options_of(page)), page)).status == 403


async def test_a_question_for_a_new_passkey_is_answered_once_in_time_by_its_own_browser(
    keyholders: Keyholders,
) -> None:
    browser, device, bureau = keyholders.town.browser(), keyholders.device(), keyholders.town.bureau
    page = await keyholders.to_new(browser)
    answer = device.create(options_of(page))
    bureau.later(minutes=5)
    late = await refused_to_add(keyholders, browser, answer, page)
    answer = device.create(options_of(late))
    other = keyholders.town.browser()
    bureau.later(minutes=2)
    foreign = await keyholders.to_new(other)  # another browser of the same person takes its place
    assert (await refused_to_add(keyholders, browser, answer, late)).title != "You added a passkey"
    answer = device.create(options_of(foreign))
    done = await send(other, foreign, answer, passkey_name="Laptop")
    assert done.status in {200, 400, 403}
    assert len(await keyholders.passkeys()) <= 1


async def test_a_passkey_of_somebody_else_cannot_be_added_again(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    (kept,) = await keyholders.passkeys()
    await browser.send(await browser.open("/account/passkeys"), passkey=str(kept.id))
    thief = keyholders.device()
    page = await keyholders.to_new(browser)
    made = device.kept[0]
    thief.create(options_of(page))
    stolen = thief.kept[0]
    stolen.id, stolen.key = made.id, made.key
    answer = thief.show(stolen, options_of(page))
    page = await send(browser, page, answer, passkey_name="Laptop")
    assert (page.status, page.title) == (403, "Add a passkey")
    assert "This passkey was added before" in page.text


async def test_a_browser_is_told_which_passkeys_not_to_make_again(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    asked = options_of(await keyholders.to_new(keyholders.town.browser()))
    assert [each["id"] for each in asked["excludeCredentials"]] == [encode(device.kept[0].id)]
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }


async def test_a_link_in_a_mail_adds_no_passkey_without_a_login_of_just_now(keyholders: Keyholders) -> None:
    """Keycloak CVE-2026-37982: whoever replays a link must not have their own key added."""
    browser, bureau = keyholders.town.browser(), keyholders.town.bureau
    page = await keyholders.to_new(browser)
    bureau.later(minutes=16)
    assert "passkey" not in (await browser.open(NEW)).title
    device = keyholders.device()
    again = await send(browser, page, device.create(options_of(page)), passkey_name="Laptop")
    assert again.title != "You added a passkey"
    assert await keyholders.passkeys() == ()


async def test_an_account_has_ten_passkeys_at_most(keyholders: Keyholders) -> None:
    browser = keyholders.town.browser()
    for number in range(10):
        await keyholders.add(browser, keyholders.device(), f"Device {number}")
    page = await browser.open(NEW)
    assert (page.status, page.title) == (403, "Passkeys")
    assert "Stop one first" in page.text


async def test_nobody_stops_the_passkey_of_somebody_else(keyholders: Keyholders) -> None:
    await added(keyholders)
    browser = keyholders.town.browser()
    await keyholders.to_new(browser)
    page = await browser.open("/account/passkeys")
    for other in ("", "nothing", "01929d2e-0000-7000-8000-0000000000aa"):
        assert (await browser.send(page, passkey=other)).status == 403
    assert len(await keyholders.passkeys()) == 1
