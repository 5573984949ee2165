"""L09: the PIN of an app is changed by who knows it and has the device; a guess is one of the same five."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demo.app_device import Device, Refused, encode
from tests.hostile.test_l09_app_keys import WRONG, at_confirmation, kept, sent
from tests.journeys.house import ISSUER
from tests.means.telephones import OTHER_PIN, PIN, Telephones, telephones_in
from tests.web.citizens import Town, open_town
from tests.web.linked import code_of
from toegang.means.app import logging_in
from toegang.means.app.values import AppId, AppStatus
from toegang.means.citizen.account import Account
from toegang.means.citizen.desk import Desk
from toegang.means.citizen.standing import seen_alive

NEW_PIN = "86420"


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


@pytest.fixture
async def each_phones(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Telephones]:
    """Open a town on a database of this test's own; the test runs once for each engine."""
    async with open_town(house_secrets, tmp_path, database_url) as opened:
        yield await telephones_in(opened)


async def asked(device: Device) -> dict[str, Any]:
    """Ask a challenge, and return what a change of PIN says with it."""
    _, given = await device.send("/challenges", {})
    return {"act": "pin", "session": given["session"], "challenge": given["challenge"], "turn": device.turn}


async def changed(device: Device, said: dict[str, Any], body: dict[str, str]) -> tuple[int, str]:
    status, told = await device.send(f"/challenges/{said['session']}/pin", body)
    return status, str(told.get("code", ""))


async def guessed(device: Device, pin: str, new_pin: str = NEW_PIN) -> str:
    """Try a PIN; return the code of the refusal."""
    said = await asked(device)
    return (await changed(device, said, device.pin_change(said, pin, new_pin)))[1]


async def pin_of(phones: Telephones, device: Device) -> str:
    """Return which of three PINs an app has."""
    desk = phones.town.rooms.apps.meeting.desk
    app = await desk.apps.find(AppId(UUID(device.app)))
    assert app is not None
    key = encode(desk.open_pin_key(app))
    (found,) = [each for each in (PIN, OTHER_PIN, NEW_PIN) if device.public_pin_key(each)["x"] == key]
    return found


async def test_guesses_by_changing_and_by_logging_in_are_the_same_five_tries(each_phones: Telephones) -> None:
    device, _, session = await at_confirmation(each_phones)
    codes = await asyncio.gather(*(guessed(device, pin) for pin in WRONG[:3]))
    assert codes == ["pin-wrong"] * 3
    assert await kept(each_phones, device) == (AppStatus.ACTIVE, 3)
    body = device.both(device.payload(device.confirmation(session)), WRONG[3])
    assert await sent(device, session, body) == (403, "pin-wrong")
    assert await guessed(device, WRONG[4]) == "pin-wrong"
    assert await kept(each_phones, device) == (AppStatus.BLOCKED, 5)
    assert await guessed(device, PIN) == "app-blocked"
    assert await pin_of(each_phones, device) == PIN
    names = await each_phones.town.bureau.names_of_events()
    assert (names.count("app:pin-wrong"), names.count("app:blocked"), names.count("app:pin-changed")) == (
        5,
        1,
        0,
    )


async def test_of_twenty_guesses_at_once_five_are_looked_at(each_phones: Telephones) -> None:
    device = await each_phones.add(each_phones.town.browser())
    codes = await asyncio.gather(*(guessed(device, pin) for pin in WRONG[:20]))
    assert (codes.count("pin-wrong"), codes.count("app-blocked")) == (5, 15)
    assert await kept(each_phones, device) == (AppStatus.BLOCKED, 5)


async def test_whether_the_new_pin_is_the_one_it_has_is_no_guess_that_nobody_counts_or_hears_of(
    phones: Telephones,
) -> None:
    device = await phones.add(phones.town.browser())
    await phones.town.bureau.texts()
    assert await guessed(device, WRONG[0], PIN) == "pin-wrong"
    assert await kept(phones, device) == (AppStatus.ACTIVE, 1)
    assert await phones.town.bureau.texts() == []
    before = device.turn
    await device.change_pin(PIN, PIN)
    assert device.turn != before
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)
    assert await pin_of(phones, device) == PIN
    assert (await phones.town.bureau.names_of_events()).count("app:pin-changed") == 1
    assert len(await phones.town.bureau.texts()) == 1


async def test_nothing_but_three_statements_of_one_device_changes_the_pin(phones: Telephones) -> None:
    device, stranger = await phones.add(phones.town.browser()), phones.device()
    stranger.app, stranger.turn = device.app, device.turn
    said = await asked(device)
    good, theirs = device.pin_change(said, PIN, NEW_PIN), stranger.pin_change(said, PIN, NEW_PIN)
    named = device.payload(said | {"pin_key": device.public_pin_key(NEW_PIN)})
    spaced = encode(json.dumps({"aud": ISSUER, "iat": 1, **said}, indent=1).encode())
    forged: dict[str, dict[str, str]] = {
        "all by a stranger": theirs,
        "the device's by a stranger": good | {"device": theirs["device"]},
        "the new PIN by a stranger": good | {"new_pin": theirs["new_pin"]},
        "the new PIN by the old one": good | {"new_pin": good["pin"]},
        "the new PIN by the device": good | {"new_pin": good["device"]},
        "the new PIN over other octets": good | {"new_pin": device.by_pin(spaced, NEW_PIN)},
        "the PIN over other octets": good | {"pin": device.by_pin(spaced, PIN)},
        "no new PIN": {name: good[name] for name in ("device", "pin")},
        "no PIN": {name: good[name] for name in ("device", "new_pin")},
        "another key than is named": device.both(named, PIN) | {"new_pin": device.by_pin(named, OTHER_PIN)},
    }
    for name, body in forged.items():
        fresh = await asked(device)
        answer = await changed(device, fresh, body)
        assert answer in {(403, "proof-invalid"), (400, "malformed")}, name
    for name, body in forged.items():  # of the very challenge that was given: it is used by the first
        answer = await changed(device, said, body)
        assert answer in {(403, "proof-invalid"), (400, "malformed"), (404, "one-time-gone")}, name
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)
    assert await pin_of(phones, device) == PIN


async def test_the_new_pin_key_must_be_a_key(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    public = device.public_pin_key(NEW_PIN)
    for named in (
        public | {"crv": "X25519"},
        public | {"x": "AAAA"},
        public | {"d": "AAAA"},
        device.public,
        "key",
        None,
    ):
        said = await asked(device)
        payload = device.payload(said | {"pin_key": named})
        body = device.both(payload, PIN) | {"new_pin": device.by_pin(payload, NEW_PIN)}
        assert await changed(device, said, body) == (400, "malformed")
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


@pytest.mark.parametrize("act", ["confirm", "activate", "stop", "waiting", "letter"])
async def test_a_statement_of_another_act_changes_no_pin(phones: Telephones, act: str) -> None:
    device = await phones.add(phones.town.browser())
    said = await asked(device) | {"act": act}
    assert await changed(device, said, device.pin_change(said, PIN, NEW_PIN)) == (403, "proof-invalid")
    assert await pin_of(phones, device) == PIN


async def test_a_change_of_pin_stops_subscribes_and_confirms_nothing(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    for what in ("stop", "waiting", "subscription", "code"):
        said = await asked(device)
        body = device.pin_change(said, PIN, NEW_PIN)
        assert (await device.send(f"/challenges/{said['session']}/{what}", body))[0] in {400, 403}
    said = await asked(device)
    assert (await sent(device, session, device.pin_change(said, PIN, NEW_PIN)))[1] == "proof-invalid"
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_a_challenge_changes_one_pin_within_its_minute(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    said = await asked(device)
    body = device.pin_change(said, PIN, NEW_PIN)
    assert await changed(device, said, body) == (200, "")
    assert await changed(device, said, body) == (404, "one-time-gone")
    late = await asked(device)
    phones.town.bureau.later(minutes=1)
    assert await changed(device, late, device.pin_change(late, NEW_PIN, PIN)) == (404, "one-time-gone")
    assert await pin_of(phones, device) == NEW_PIN


async def test_of_two_changes_at_once_one_is_made(each_phones: Telephones) -> None:
    """Both carry the same turn, as after an answer that got lost; the PIN that was judged is gone."""
    device = await each_phones.add(each_phones.town.browser())
    said = [await asked(device) for _ in range(2)]
    bodies = [device.pin_change(said[0], PIN, NEW_PIN), device.pin_change(said[1], PIN, OTHER_PIN)]
    answers = await asyncio.gather(*(changed(device, *each) for each in zip(said, bodies, strict=True)))
    # Judged before the other came, it is gone; after it, the PIN is wrong.
    assert sorted(status for status, _ in answers) in ([200, 403], [200, 404])
    assert await pin_of(each_phones, device) == (NEW_PIN if answers[0][0] == 200 else OTHER_PIN)
    names = await each_phones.town.bureau.names_of_events()
    assert names.count("app:pin-changed") == 1


async def test_a_login_that_was_judged_by_the_pin_of_before_confirms_nothing(
    each_phones: Telephones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PIN becomes another between the moment that a login's was judged and the unit that counts it."""
    device, _, session = await at_confirmation(each_phones)
    body = device.both(device.payload(device.confirmation(session)), PIN)
    between = [replace(device)]

    async def after_a_change(desk: Desk, account: Account, now: datetime) -> Account | None:
        await between.pop().change_pin(PIN, NEW_PIN)
        return await seen_alive(desk, account, now)

    monkeypatch.setattr(logging_in, "seen_alive", after_a_change)
    assert await sent(device, session, body) == (404, "one-time-gone")
    assert await kept(each_phones, device) == (AppStatus.ACTIVE, 0)
    assert await pin_of(each_phones, device) == NEW_PIN


async def test_the_old_pin_confirms_nothing_from_then_on_and_counts_as_wrong(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    await device.change_pin(PIN, NEW_PIN)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert (refused.value.code, refused.value.problem["tries_left"]) == ("pin-wrong", 4)
    await device.confirm(session, NEW_PIN)


async def test_a_change_by_a_copied_device_stops_the_app(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    copy = replace(device)
    for _ in range(2):
        assert code_of(await phones.log_in(phones.town.browser(), device))
    await phones.town.bureau.texts()
    assert await guessed(copy, PIN) == "app-stopped"
    assert (await kept(phones, device))[0] is AppStatus.STOPPED
    assert "two devices" in (await phones.town.bureau.texts())[-1]["text"]
    names = await phones.town.bureau.names_of_events()
    assert (names.count("app:stopped"), names.count("app:pin-changed")) == (1, 0)


async def test_an_answer_that_got_lost_does_no_harm(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    before = device.turn
    await device.change_pin(PIN, NEW_PIN)
    device.turn = before
    assert code_of(await phones.log_in(phones.town.browser(), device, NEW_PIN))


async def test_an_app_that_was_stopped_changes_no_pin(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    await device.leave()
    assert await guessed(device, PIN) == "app-stopped"
    assert await kept(phones, device) == (AppStatus.STOPPED, 0)
