"""L10: passkeys. Answers of elsewhere, of before, of others and of nobody, at a login and when adding one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.authenticator import decode, encode
from tests.journeys.party import TOWN_PARTY
from tests.means.keyholders import ELSEWHERE, PASSKEYS, Keyholders, added, keyholders_in, options_of, send
from tests.web.citizens import Browser, Page, Town, open_town
from tests.web.linked import code_of, put
from toegang.audit.events import PasskeyNotBelieved, PasskeyStopped
from toegang.means.passkey.values import PasskeyStatus

PASSKEY_PAGE = "Log in with a passkey"
Bend = Callable[[dict[str, Any]], object]


@pytest.fixture
async def keyholders(town: Town) -> Keyholders:
    return await keyholders_in(town)


@pytest.fixture
async def each_keyholders(
    house_secrets: Path, tmp_path: Path, database_url: str
) -> AsyncIterator[Keyholders]:
    """Open a town on a database of this test's own; the test runs once for each engine."""
    async with open_town(house_secrets, tmp_path, database_url) as opened:
        yield await keyholders_in(opened)


async def refusals(keyholders: Keyholders) -> list[str]:
    events = await keyholders.town.bureau.events()
    return [event.why for event in events if isinstance(event, PasskeyNotBelieved)]


def assert_refused(page: Page) -> None:
    """Refused, said so on a page that can be tried again, and nobody went to the service."""
    assert (page.status, page.title, code_of(page)) == (403, PASSKEY_PAGE, "")


@pytest.mark.requires("WEBAUTHN3-7.2")
async def test_an_answer_of_another_page_proves_nobody(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    for changes in (*ELSEWHERE, {"type": "webauthn.create"}):
        page = await send(browser, page, device.use(options_of(page), **changes))
        assert_refused(page)
    assert set(await refusals(keyholders)) == {"invalid"}
    assert code_of(await send(browser, page, device.use(options_of(page))))


async def test_an_answer_for_another_host_proves_nobody(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    device.kept[0].rp_id = "toegang.example"
    page = await keyholders.to_login(browser := keyholders.town.browser())
    answer = device.use(options_of(page) | {"rpId": "toegang.example"})
    assert_refused(await send(browser, page, answer))


async def test_a_device_that_did_not_verify_its_person_proves_nobody(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    device.verified = False
    assert_refused(await keyholders.log_in(keyholders.town.browser(), device))


async def test_a_challenge_is_answered_once(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    answer = device.use(options_of(page))
    device.verified = False
    wrong = device.use(options_of(page))
    assert_refused(await send(browser, page, wrong))
    again = await send(browser, page, answer)
    assert (again.title, code_of(again)) == (PASSKEY_PAGE, "")  # the first answer spent the challenge
    device.verified = True
    assert code_of(await send(browser, again, device.use(options_of(again))))


async def test_of_two_who_bring_one_answer_at_once_one_is_let_in(each_keyholders: Keyholders) -> None:
    device, browser = await added(each_keyholders), each_keyholders.town.browser()
    page = await each_keyholders.to_login(browser)
    answer = device.use(options_of(page))
    twins = [each_keyholders.town.browser() for _ in range(4)]
    for twin in twins:
        twin.http.cookies.update(browser.http.cookies)
    pages = await asyncio.gather(*(send(twin, page, answer) for twin in twins))
    assert sum(bool(code_of(each)) for each in pages) == 1


async def test_an_answer_to_another_login_proves_nobody(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    one, other = keyholders.town.browser(), keyholders.town.browser()
    asked = options_of(await keyholders.to_login(one))
    page = await keyholders.to_login(other)
    assert_refused(await send(other, page, device.use(asked)))


async def test_another_browser_cannot_answer(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    own, other = keyholders.town.browser(), keyholders.town.browser()
    page = await keyholders.to_login(own)
    await keyholders.to_login(other)
    answer = device.use(options_of(page))
    csrf = keyholders.town.rooms.cookies.proof(other.http.cookies["toegang-browser"])
    refused = await send(other, page, answer, csrf=csrf)
    assert (refused.status, code_of(refused)) == (403, "")
    assert code_of(await send(own, page, answer))  # and spent nothing of it


async def test_of_two_windows_the_last_that_was_opened_counts(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    first = await keyholders.to_login(browser)
    second = await browser.open(first.address)
    assert_refused(await send(browser, first, device.use(options_of(first))))
    third = await send(browser, second, device.use(options_of(second)))
    assert third.title == PASSKEY_PAGE  # that of the first was taken with the answer to it
    assert code_of(await send(browser, third, device.use(options_of(third))))


async def test_an_answer_that_took_too_long_proves_nobody(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    answer = device.use(options_of(page))
    keyholders.town.bureau.later(minutes=5)
    late = await send(browser, page, answer)
    assert (late.title, code_of(late)) == (PASSKEY_PAGE, "")
    assert code_of(await send(browser, late, device.use(options_of(late))))


async def test_a_passkey_that_nobody_added_proves_nobody(keyholders: Keyholders) -> None:
    device, page = keyholders.device(), await keyholders.to_new(keyholders.town.browser())
    device.create(options_of(page))
    assert_refused(await keyholders.log_in(keyholders.town.browser(), device))
    assert await refusals(keyholders) == ["unknown"]


async def test_a_stopped_passkey_proves_nobody_and_ends_what_it_proved(keyholders: Keyholders) -> None:
    inside, device = keyholders.town.browser(), await added(keyholders)
    page = await inside.send(await inside.open("/account/passkeys"), means=PASSKEYS.id)
    page = await send(inside, page, device.use(options_of(page)))
    assert page.title == "Passkeys"
    (kept,) = await keyholders.passkeys()
    page = await inside.send(page, passkey=str(kept.id))
    assert page.title == "How do you want to log in?"  # what it proved to get in here went with it
    assert (await keyholders.find(kept.id)).status is PasskeyStatus.STOPPED
    assert_refused(await keyholders.log_in(keyholders.town.browser(), device))
    assert await refusals(keyholders) == ["stopped"]


async def test_another_key_under_a_known_id_proves_nobody(keyholders: Keyholders) -> None:
    device, thief = await added(keyholders), keyholders.device()
    thief.create(options_of(await keyholders.to_new(keyholders.town.browser())))
    thief.kept[0].id, thief.kept[0].handle = device.kept[0].id, device.kept[0].handle
    assert_refused(await keyholders.log_in(keyholders.town.browser(), thief))


async def test_a_device_that_knows_another_account_by_a_passkey_proves_nobody(keyholders: Keyholders) -> None:
    device = await added(keyholders)
    device.kept[0].handle = b"x" * 32
    assert_refused(await keyholders.log_in(keyholders.town.browser(), device))


@pytest.mark.requires("WEBAUTHN3-7.2")
async def test_a_copied_passkey_is_stopped_for_both_and_its_person_is_told(keyholders: Keyholders) -> None:
    device, bureau = await added(keyholders), keyholders.town.bureau
    copy = keyholders.device()
    assert code_of(await keyholders.log_in(keyholders.town.browser(), device))
    copy.kept = [replace(device.kept[0], count=0)]
    await bureau.letters()
    page = await keyholders.log_in(keyholders.town.browser(), copy)
    assert_refused(page)
    assert "somebody may have copied it" in page.text
    assert await refusals(keyholders) == ["copied"]
    stopped = [event for event in await bureau.events() if isinstance(event, PasskeyStopped)]
    assert [event.why for event in stopped] == ["copied"]
    assert [each["purpose"] for each in await bureau.letters()] == ["passkey-stopped-letter"]
    assert_refused(await keyholders.log_in(keyholders.town.browser(), device))


async def test_a_device_without_a_counter_is_no_copy(keyholders: Keyholders) -> None:
    device = await added(keyholders, counts=False)
    for _ in range(3):
        assert code_of(await keyholders.log_in(keyholders.town.browser(), device))


BENT: dict[str, Bend] = {
    "a bit of the signature": lambda said: _flip(said, "signature", -1),
    "the counter": lambda said: _flip(said, "authenticatorData", 36),
    "a flag": lambda said: _flip(said, "authenticatorData", 32, 0x20),
    "backed up and cannot be": lambda said: _flip(said, "authenticatorData", 32, 0x10),
    "the host": lambda said: _flip(said, "authenticatorData", 0),
    "octets after": lambda said: _grow(said, "authenticatorData", 1),
    "no signature": lambda said: said["response"].update(signature=""),
    "no handle": lambda said: said["response"].pop("userHandle"),
    "a handle that is a number": lambda said: said["response"].update(userHandle=7),
    "no client data": lambda said: said["response"].pop("clientDataJSON"),
    "client data that is a list": lambda said: said["response"].update(clientDataJSON=encode(b"[]")),
    "client data without end": lambda said: said["response"].update(clientDataJSON=encode(b"[" * 9_000)),
    "no response": lambda said: said.pop("response"),
    "a response that is a text": lambda said: said.update(response="none"),
    "another raw id": lambda said: said.update(rawId=encode(b"another")),
    "another type": lambda said: said.update(type="password"),
    "an id of 1,024 octets": lambda said: said.update(id=encode(bytes(1_024)), rawId=encode(bytes(1_024))),
    "an id of 20,000 signs": lambda said: said.update(id="A" * 20_000, rawId="A" * 20_000),
    "an empty id": lambda said: said.update(id="", rawId=""),
    "no id": lambda said: said.pop("id"),
    "octets with padding": lambda said: said.update(id=said["id"] + "="),
}


def _flip(said: dict[str, Any], member: str, at: int, bits: int = 1) -> None:
    octets = bytearray(decode(said["response"][member]))
    octets[at] ^= bits
    said["response"][member] = encode(bytes(octets))


def _grow(said: dict[str, Any], member: str, by: int) -> None:
    said["response"][member] = encode(decode(said["response"][member]) + bytes(by))


NO_ANSWERS = ("", "null", "[]", "{}", '{"id":1}', "{" * 5_000, '{"id":"AA","id":"AB"}', "\\ud800", "\x7f\x01")


async def test_a_bent_answer_or_none_at_all_proves_nobody(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    for how, bend in BENT.items():
        answer = device.use(options_of(page))
        bend(answer)
        page = await send(browser, page, answer)
        assert (how, page.status, code_of(page)) == (how, 403, "")
    for nothing in NO_ANSWERS:
        page = await send(browser, page, nothing)
        assert_refused(page)
    assert code_of(await send(browser, page, device.use(options_of(page))))


async def test_an_answer_larger_than_any_form_is_not_read(keyholders: Keyholders) -> None:
    browser = keyholders.town.browser()
    refused = await send(browser, await keyholders.to_login(browser), "A" * 70_000)
    assert (refused.status, code_of(refused)) == (413, "")


async def test_refused_answers_of_one_network_are_counted_and_then_not_looked_at(
    keyholders: Keyholders,
) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    for _ in range(100):
        page = await send(browser, page, "{}")
    page = await send(browser, page, device.use(options_of(page)))
    assert (page.status, code_of(page)) == (429, "")
    assert int(page.headers["retry-after"]) > 0


async def test_a_login_page_names_no_passkey_of_anybody(keyholders: Keyholders) -> None:
    """L03: what a page asks says nothing of who has an account, or which devices."""
    await added(keyholders)
    asked = options_of(await keyholders.to_login(keyholders.town.browser()))
    assert asked.get("allowCredentials", []) == []
    assert asked["userVerification"] == "required"


async def test_devices_know_an_account_by_a_random_number(keyholders: Keyholders) -> None:
    device, account = await added(keyholders), await keyholders.town.bureau.account()
    other = keyholders.device()
    await keyholders.add(keyholders.town.browser(), other)
    handle = device.kept[0].handle
    assert len(handle) == 32
    assert handle == other.kept[0].handle
    assert account.id.bytes not in handle


async def test_passkeys_are_closed_with_their_admission(keyholders: Keyholders) -> None:
    assert PASSKEYS.kind == "passkey"
    device, browser = await added(keyholders), keyholders.town.browser()
    page = await keyholders.to_login(browser)
    answer = device.use(options_of(page))
    await put(keyholders.town, replace(PASSKEYS, blocked=True))
    assert code_of(await send(browser, page, answer)) == ""


async def at_password(browser: Browser) -> tuple[Page, str, dict[str, Any]]:
    """Come to the page of the password, and ask as its script does."""
    page = await browser.send(await browser.open(TOWN_PARTY.url()), means="citizen-account")
    assert page.title == "Log in with user name and password"
    where = "/means/passkey/" + page.address.rpartition("/")[0].rpartition("/")[2]
    asked = await browser.http.get(f"{where}/question")
    return page, where, asked.json() if asked.status_code == 200 else {}


async def pick(browser: Browser, page: Page, where: str, answer: object) -> Page:
    return await browser.send(page, where, do="found", credential=json.dumps(answer))


@pytest.mark.requires("WEBAUTHN3-5.1.4")
async def test_a_passkey_that_is_picked_at_the_password_proves_its_person_once(
    keyholders: Keyholders,
) -> None:
    device = await added(keyholders)
    browser, thief = keyholders.town.browser(), keyholders.town.browser()
    page, where, asked = await at_password(browser)
    assert 'autocomplete="username webauthn"' in page.text
    assert asked.get("allowCredentials", []) == []
    answer = device.use(asked)
    assert (await thief.http.get(f"{where}/question")).status_code == 403
    stolen, _, _ = await at_password(thief)
    assert (await pick(thief, stolen, where, answer)).status == 403
    assert_refused(await pick(browser, page, where, {**answer, "id": "AAAA"}))
    assert_refused(await pick(browser, page, where, answer))  # its question was taken
    page, where, asked = await at_password(browser)
    assert "code=" in (await pick(browser, page, where, device.use(asked))).address


async def test_where_passkeys_do_not_serve_none_is_offered_at_the_password(keyholders: Keyholders) -> None:
    device, browser = await added(keyholders), keyholders.town.browser()
    before, where, asked = await at_password(browser)
    answer = device.use(asked)
    await put(keyholders.town, replace(PASSKEYS, blocked=True))
    assert "passkey" in (await pick(browser, before, where, answer)).text
    assert "login:completed" not in (await keyholders.town.bureau.names_of_events())[-4:]
    other = keyholders.town.browser()
    page, where, asked = await at_password(other)
    assert asked == {}
    assert "webauthn" not in page.text
