"""L07: somebody is called until they say yes.

A browser calls only an app that was used in it before, one login at a time and three in a quarter of an hour;
the number stands on that page alone, and one "no" ends it.
"""

from __future__ import annotations

import asyncio
import json
from uuid import UUID

import pytest

from demo.app_device import Device, Refused, Session
from demo.app_push import Pushes
from tests.means.telephones import CALLED_PAGE, PIN, Telephones, page_number_on, telephones_in
from tests.web.citizens import Town
from tests.web.linked import code_of
from toegang.means.app.values import AppId

WHERE = "Where is your app?"
CALL = "Use the app that you used here before"
NO = "You did not confirm in the app"
SERVICE = "https://push.example/send/1"


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


@pytest.fixture
async def device(phones: Telephones) -> Device:
    return await phones.add(phones.town.browser())


async def no(device: Device, session: Session, number: str) -> str:
    """Return the code with which a number was refused."""
    with pytest.raises(Refused) as refused:
        await device.match(session, number)
    return refused.value.code


async def nothing_waits(device: Device) -> bool:
    with pytest.raises(Refused) as refused:
        await device.waiting()
    return refused.value.code == "one-time-gone"


def other_than(number: str) -> str:
    return f"{(int(number) + 1) % 1000:03d}"


async def events(phones: Telephones, *names: str) -> list[str]:
    return [name for name in await phones.town.bureau.names_of_events() if name in names]


async def subscribe(device: Device, endpoint: str = SERVICE) -> None:
    await device.subscribe(**Pushes(endpoint=endpoint).told())


async def test_the_whole_way_called_matched_and_confirmed(phones: Telephones, device: Device) -> None:
    await subscribe(device)
    browser = await phones.known(device)
    page = await phones.call(browser)
    assert page.title == CALLED_PAGE
    [pushed] = [json.loads(message.payload) for message in await phones.town.bureau.sent("push")]
    assert (pushed["subscriber"], pushed["address"]) == (device.app, SERVICE)
    session = await device.match(await device.waiting(), page_number_on(page))
    assert session.details["service"]["en"]
    await device.confirm(session, PIN)
    assert code_of(await browser.send(await browser.open(page.address), do="on"))
    assert await nothing_waits(device)
    assert await events(phones, "app:subscribed", "app:browser-known", "app:called") == [
        "app:subscribed",
        "app:browser-known",
        "app:called",
    ]


async def test_without_a_subscription_the_app_looks_by_itself(phones: Telephones, device: Device) -> None:
    page = await phones.call(await phones.known(device))
    assert await phones.town.bureau.sent("push") == []
    assert (await device.match(await device.waiting(), page_number_on(page))).kind == "login"


async def test_a_browser_that_never_saw_the_app_cannot_call_it(phones: Telephones, device: Device) -> None:
    """A stranger who knows the user name, or anything else about the person, has nothing to call with."""
    await subscribe(device)
    stranger = phones.town.browser()
    page = await phones.to_login(stranger)
    assert CALL not in page.text
    for secret in ("", "A" * 43, device.app):
        stranger.http.cookies.set("toegang-app", secret)
        assert (await stranger.send(page, do="call")).title == WHERE
    assert await phones.town.bureau.sent("push") == []
    assert await nothing_waits(device)


async def test_who_does_not_ask_for_it_is_not_remembered(phones: Telephones, device: Device) -> None:
    browser = phones.town.browser()
    assert code_of(await phones.log_in(browser, device))
    assert "toegang-app" not in browser.http.cookies
    assert CALL not in (await phones.to_login(browser)).text


async def test_one_login_calls_an_app_at_a_time(phones: Telephones, device: Device) -> None:
    await subscribe(device)
    first, second = await phones.known(device), await phones.known(device)
    await phones.call(first)
    refused = await phones.call(second)
    assert (refused.status, refused.title) == (429, WHERE)
    assert "Your app is called already" in refused.text
    assert len(await phones.town.bureau.sent("push")) == 1


async def test_of_many_that_call_at_once_one_gets_through(phones: Telephones, device: Device) -> None:
    await subscribe(device)
    browsers = [await phones.known(device) for _ in range(3)]
    pages = [await phones.to_login(browser) for browser in browsers]
    sent = [each.send(page, do="call") for each, page in zip(browsers, pages, strict=True) for _ in range(4)]
    titles = [page.title for page in await asyncio.gather(*sent)]
    assert len(await phones.town.bureau.sent("push")) == 1
    assert WHERE in titles


@pytest.mark.parametrize("wish", ["renew", "here", "other", "code", "again"])
async def test_what_a_page_that_calls_cannot_ask_leaves_the_call_as_it_is(
    phones: Telephones, device: Device, wish: str
) -> None:
    """A second tab, or a script, that asks what the page does not offer frees the app for no other call."""
    browser = await phones.known(device)
    page = await phones.call(browser)
    await browser.send(page, do=wish, app_code="BBBB")
    kept = await browser.open(page.address)
    assert kept.title == CALLED_PAGE
    session = await device.match(await device.waiting(), page_number_on(kept))
    assert await device.confirm(session, PIN) == ""


async def test_an_app_is_called_three_times_in_a_quarter_of_an_hour(
    phones: Telephones, device: Device
) -> None:
    await subscribe(device)
    browser = await phones.known(device)
    for _ in range(3):
        page = await phones.call(browser)
        assert page.title == CALLED_PAGE
        assert (await browser.send(page, do="way")).title == WHERE  # which lets the app be called again
    assert (await phones.call(browser)).status == 429
    assert len(await phones.town.bureau.sent("push")) == 3
    phones.town.bureau.later(minutes=15)
    assert (await phones.call(browser)).title == CALLED_PAGE


async def test_one_no_ends_it_and_that_browser_calls_no_more(phones: Telephones, device: Device) -> None:
    browser, other = await phones.known(device), await phones.known(device)
    page = await phones.call(browser)
    await device.refuse(await device.waiting(), misuse=True)  # no number, no PIN
    assert (await browser.open(page.address)).title == NO
    assert CALL not in (await phones.to_login(browser)).text
    assert CALL in (await phones.to_login(other)).text
    assert await events(phones, "app:login-refused") == ["app:login-refused"]


async def test_stopping_in_the_app_leaves_the_browser_known(phones: Telephones, device: Device) -> None:
    browser = await phones.known(device)
    await phones.call(browser)
    await device.refuse(await device.waiting())
    assert CALL in (await phones.to_login(browser)).text


async def test_three_wrong_numbers_end_the_call(phones: Telephones, device: Device) -> None:
    """Who says yes to anything has no page to read the number from: three guesses in a thousand."""
    browser = await phones.known(device)
    page = await phones.call(browser)
    right, session = page_number_on(page), await device.waiting()
    wrong = other_than(right)
    assert [await no(device, session, wrong) for _ in range(3)] == [
        "credentials-wrong",
        "credentials-wrong",
        "one-time-gone",
    ]
    assert await no(device, session, right) in {"one-time-gone", "step-out-of-order"}
    assert await nothing_waits(device)
    told = await browser.open(page.address)
    assert (told.title, "The number was wrong too often." in told.text) == (NO, True)
    assert await events(phones, "app:number-wrong") == ["app:number-wrong"]


async def test_numbers_typed_at_once_are_counted_one_by_one(phones: Telephones, device: Device) -> None:
    page = await phones.call(await phones.known(device))
    right, session = page_number_on(page), await device.waiting()
    guesses = [device.match(session, other_than(right)) for _ in range(8)]
    assert all(isinstance(each, Refused) for each in await asyncio.gather(*guesses, return_exceptions=True))
    assert await no(device, session, right) != "credentials-wrong"


async def test_nothing_is_confirmed_before_the_number(phones: Telephones, device: Device) -> None:
    await phones.call(await phones.known(device))
    session = await device.waiting()
    assert session.details == {}
    shown = {name: {"nl": "x"} for name in ("provider", "service", "level")}
    with pytest.raises(Refused) as refused:
        await device.confirm(
            Session(kind="login", id=session.id, challenge=session.challenge, details=shown), PIN
        )
    assert refused.value.code in {"proof-invalid", "step-out-of-order"}


async def test_another_app_learns_and_answers_nothing(phones: Telephones, device: Device) -> None:
    other = await phones.add(phones.town.browser())
    page = await phones.call(await phones.known(device))
    assert await nothing_waits(other)
    session = await device.waiting()
    assert await no(other, session, page_number_on(page)) == "proof-invalid"
    matched = await device.match(session, page_number_on(page))
    with pytest.raises(Refused) as refused:
        await other.confirm(matched, PIN)
    assert refused.value.code == "proof-invalid"
    with pytest.raises(Refused) as refused:
        await other.refuse(matched, misuse=True)
    assert refused.value.code == "proof-invalid"


async def test_a_relayed_call_does_not_show_whose_page_it_is_without_its_number(
    phones: Telephones, device: Device
) -> None:
    """The secret of a browser was stolen: its thief calls, but the number stands on the thief's own page."""
    await subscribe(device)
    owner, thief = await phones.known(device), phones.town.browser()
    thief.http.cookies.set("toegang-app", owner.http.cookies["toegang-app"])
    page = await phones.call(thief)
    assert page.title == CALLED_PAGE
    session = await device.waiting()
    assert await no(device, session, other_than(page_number_on(page))) == "credentials-wrong"
    await device.refuse(session, misuse=True)
    assert CALL not in (await phones.to_login(thief)).text


async def test_a_call_is_over_after_two_minutes(phones: Telephones, device: Device) -> None:
    page = await phones.call(await phones.known(device))
    session = await device.waiting()
    phones.town.bureau.later(minutes=2)
    assert await nothing_waits(device)
    assert await no(device, session, page_number_on(page)) == "one-time-gone"


async def test_a_question_or_a_number_is_not_asked_twice_with_one_statement(
    phones: Telephones, device: Device
) -> None:
    page = await phones.call(await phones.known(device))
    given = (await device.send("/challenges", {}))[1]
    about = {"act": "waiting", "session": given["session"], "challenge": given["challenge"]}
    body = {"device": device.by_device(device.payload(about))}
    status, waits = await device.send(f"/challenges/{given['session']}/waiting", body)
    assert status == 200
    assert (await device.send(f"/challenges/{given['session']}/waiting", body))[0] == 404
    about = {"act": "match", "session": waits["session"], "challenge": waits["challenge"]}
    body = {"device": device.by_device(device.payload(about | {"number": page_number_on(page)}))}
    assert (await device.send(f"/logins/{waits['session']}/match", body))[0] == 200
    assert (await device.send(f"/logins/{waits['session']}/match", body))[0] in {403, 404, 409}


async def test_a_challenge_is_for_one_act_and_lives_a_minute(phones: Telephones, device: Device) -> None:
    for act, seconds, code in (("subscribe", 0, "proof-invalid"), ("waiting", 60, "one-time-gone")):
        given = (await device.send("/challenges", {}))[1]
        about = {"act": act, "session": given["session"], "challenge": given["challenge"]}
        phones.town.bureau.later(seconds=seconds)
        body = {"device": device.by_device(device.payload(about))}
        _, told = await device.send(f"/challenges/{given['session']}/waiting", body)
        assert told["code"] == code


async def test_one_network_asks_so_many_challenges(phones: Telephones, device: Device) -> None:
    for _ in range(phones.town.rooms.apps.meeting.desk.policy.asks.most):
        await device.send("/challenges", {})
    assert (await device.send("/challenges", {}))[0] == 429


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:8000/oidc/token",
        "http://127.0.0.1:1@attacker.example/",
        "https://push.example.attacker.example/",
        "https://attacker.example/#push.example",
        "http://push.example/send",
        "file:///etc/passwd",
    ],
)
async def test_a_subscription_does_not_make_us_call_what_we_were_not_told_to(
    phones: Telephones, device: Device, endpoint: str
) -> None:
    """SSRF: whoever has an app chooses the address that we call."""
    with pytest.raises(Refused) as refused:
        await subscribe(device, endpoint)
    assert refused.value.code in {"not-entitled", "malformed"}
    kept = await phones.town.rooms.apps.meeting.desk.apps.find(AppId(UUID(device.app)))
    assert kept is not None
    assert kept.push is None


async def test_a_subscription_is_kept_sealed_and_goes_with_its_app(phones: Telephones) -> None:
    inside = phones.town.browser()
    device = await phones.add(inside)
    await subscribe(device)
    knowing, store = await phones.known(device), phones.town.rooms.apps.meeting.desk.apps
    kept = await store.find(AppId(UUID(device.app)))
    assert kept is not None
    assert kept.push is not None
    assert b"push.example" not in kept.push
    await inside.send(await inside.open("/account/apps"), app=device.app)
    kept = await store.find(AppId(UUID(device.app)))
    assert kept is not None
    assert kept.push is None
    assert CALL not in (await phones.to_login(knowing)).text


async def test_a_person_lets_a_browser_forget_the_app(phones: Telephones, device: Device) -> None:
    browser = await phones.known(device)
    secret = browser.http.cookies["toegang-app"]
    page = await browser.send(await phones.to_login(browser), do="forget")
    assert (page.title, CALL in page.text) == (WHERE, False)
    browser.http.cookies.set("toegang-app", secret)  # a copy of it is worth nothing either
    assert CALL not in (await phones.to_login(browser)).text


async def test_a_browser_knows_an_app_for_half_a_year(phones: Telephones, device: Device) -> None:
    browser = await phones.known(device)
    phones.town.bureau.later(days=179)
    assert CALL in (await phones.to_login(browser)).text
    phones.town.bureau.later(days=1)
    assert CALL not in (await phones.to_login(browser)).text
