"""L09: the keys of an app. Forged, swapped, old and copied statements."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demo.app_device import Device, Refused, Session, encode
from tests.journeys.house import ISSUER
from tests.means.bureau import ask
from tests.means.bureau import browser as visitor_of
from tests.means.telephones import APP, OTHER_PIN, PIN, Telephones, telephones_in
from tests.web.citizens import Page, Town, open_town
from tests.web.linked import code_of
from toegang.assurance import Level
from toegang.errors import LevelUnreachable
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject
from toegang.means.app.pairing import Action
from toegang.means.app.values import AppId, AppStatus
from toegang.means.base import TransactionId
from toegang.web.agents import UNKNOWN

WRONG = [f"{number:05d}" for number in range(20_000, 20_064)]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


@pytest.fixture
async def each_phones(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Telephones]:
    """Open a town on a database of this test's own; the test runs once for each engine."""
    async with open_town(house_secrets, tmp_path, database_url) as opened:
        yield await telephones_in(opened)


async def at_confirmation(phones: Telephones) -> tuple[Device, Page, Session]:
    """Have an app, and a login that waits for it."""
    device = await phones.add(phones.town.browser())
    page, session = await phones.waiting(phones.town.browser(), device)
    return device, page, session


async def sent(device: Device, session: Session, body: Mapping[str, object]) -> tuple[int, str]:
    status, told = await device.send(f"/logins/{session.id}/confirm", body)
    return status, str(told.get("code", ""))


async def kept(phones: Telephones, device: Device) -> tuple[AppStatus, int]:
    """Return the state of an app, and how many wrong PINs it counts."""
    found = await phones.town.rooms.apps.meeting.desk.apps.find(AppId(UUID(device.app)))
    assert found is not None
    return found.status, found.failures


CHANGES: dict[str, Change] = {
    "another provider": lambda said: said.update(provider="Belastingdienst"),
    "another service": lambda said: said.update(service="Geld lenen"),
    "a lower level": lambda said: said.update(level="basis"),
    "the level of another language": lambda said: said.update(level="medium"),
    "a language that we do not have": lambda said: said.update(language="de"),
    "another hub": lambda said: said.update(aud="https://elsewhere.example"),
    "another act": lambda said: said.update(act="refuse"),
    "another session": lambda said: said.update(session="A" * 43),
    "another challenge": lambda said: said.update(challenge="A" * 43),
    "a member more": lambda said: said.update(admin=True),
    "a member less": lambda said: said.pop("provider"),
    "two audiences": lambda said: said.update(aud=[ISSUER, "https://elsewhere.example"]),
    "a time that is no number": lambda said: said.update(iat="now"),
    "a turn of another length": lambda said: said.update(turn="A" * 21),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_confirmation_of_anything_else_than_was_asked_confirms_nothing(
    phones: Telephones, name: str
) -> None:
    device, page, session = await at_confirmation(phones)
    said = {"aud": ISSUER, "iat": 1, **device.confirmation(session)}
    CHANGES[name](said)
    status, _ = await sent(device, session, device.both(encode(json.dumps(said).encode()), PIN))
    assert status in {400, 403}
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)
    assert "app" in (await phones.town.browser().open(page.address)).address


async def test_statements_by_other_keys_confirm_nothing_and_count_as_no_try(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    stranger = phones.device()
    stranger.app, stranger.turn = device.app, device.turn
    payload = device.payload(device.confirmation(session))
    forged = {
        "both by a stranger": stranger.both(payload, PIN),
        "the PIN by the owner": {"device": stranger.by_device(payload), "pin": device.by_pin(payload, PIN)},
        "no signature": {
            name: text.rpartition(".")[0] + "." for name, text in device.both(payload, PIN).items()
        },
        "the PIN's for the device's": {
            "device": device.by_pin(payload, PIN),
            "pin": device.by_pin(payload, PIN),
        },
    }
    for body in forged.values():
        status, code = await sent(device, session, dict(body))
        assert (status, code) in {(403, "proof-invalid"), (400, "malformed")}
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_two_statements_of_which_one_says_something_else_count_as_no_try(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    payload = device.payload(device.confirmation(session))
    said = device.confirmation(session) | {"service": "Geld lenen"}
    body = {"device": device.by_device(payload), "pin": device.by_pin(device.payload(said), PIN)}
    assert await sent(device, session, body) == (403, "proof-invalid")
    spaced = encode(json.dumps({"aud": ISSUER, "iat": 1, **device.confirmation(session)}, indent=1).encode())
    body = {"device": device.by_device(payload), "pin": device.by_pin(spaced, PIN)}
    assert await sent(device, session, body) == (403, "proof-invalid")
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


@pytest.mark.requires("RFC8725-3.1")
@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA", "RS256", "ES384", "es256"])
async def test_no_other_algorithm_is_taken_for_the_device(phones: Telephones, algorithm: str) -> None:
    device, _, session = await at_confirmation(phones)
    payload = device.payload(device.confirmation(session))
    header = {"alg": algorithm, "typ": "toegang-app+jwt", "kid": device.app}
    signed = f"{encode(json.dumps(header).encode())}.{payload}"
    # The public key as the secret of an HMAC: what an algorithm that may be chosen by the sender leads to.
    public = json.dumps(device.public).encode()
    mac = encode(hmac.digest(public, signed.encode(), "sha256"))
    for signature in (mac, "", device.by_device(payload).rpartition(".")[2]):
        body = {"device": f"{signed}.{signature}", "pin": device.by_pin(payload, PIN)}
        assert (await sent(device, session, body))[0] in {400, 403}
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


@pytest.mark.requires("RFC8725-3.11")
async def test_no_other_header_is_taken_for_either(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    payload = device.payload(device.confirmation(session))
    good = device.both(payload, PIN)
    heads: list[dict[str, object]] = [
        {"typ": "JWT"},
        {"kid": "00000000-0000-7000-8000-000000000000"},
        {"kid": device.app.upper()},
        {"jwk": device.public},
        {"crit": ["exp"]},
        {"cty": "json"},
    ]
    for part in ("device", "pin"):
        plain = {"alg": "ES256" if part == "device" else "EdDSA", "typ": f"toegang-{part}", "kid": device.app}
        for change in heads:
            header = encode(json.dumps(plain | change).encode())
            text = f"{header}.{payload}.{good[part].rpartition('.')[2]}"
            assert (await sent(device, session, good | {part: text}))[0] in {400, 403}
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_an_app_cannot_speak_for_another(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    other = await phones.add(phones.town.browser())
    mine, theirs = device.app, other.app
    other.app, other.turn = mine, device.turn
    assert await sent(other, session, other.both(other.payload(other.confirmation(session)), PIN)) == (
        403,
        "proof-invalid",
    )
    other.app = theirs
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_a_statement_counts_once_and_in_its_own_session(phones: Telephones) -> None:
    device, _, first = await at_confirmation(phones)
    _, second = await phones.waiting(phones.town.browser(), device)
    body = device.both(device.payload(device.confirmation(first)), PIN)
    assert await sent(device, second, body) == (403, "proof-invalid")
    await device.confirm(first, PIN)
    assert await sent(device, first, body) == (409, "step-out-of-order")
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_a_session_is_over_after_five_minutes(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    phones.town.bureau.later(minutes=5)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "one-time-gone"


async def test_of_many_right_pins_at_once_one_confirms(each_phones: Telephones) -> None:
    device, _, session = await at_confirmation(each_phones)
    body = device.both(device.payload(device.confirmation(session)), PIN)
    answers = await asyncio.gather(*(sent(device, session, body) for _ in range(16)))
    assert [status for status, _ in answers].count(200) == 1
    assert {code for _, code in answers} == {"", "step-out-of-order"}


async def test_a_copied_device_is_found_out_by_its_turn_and_its_person_told(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    copy = replace(device)
    for _ in range(2):
        assert code_of(await phones.log_in(phones.town.browser(), device))
    await phones.town.bureau.texts()
    _, session = await phones.waiting(phones.town.browser(), copy)
    with pytest.raises(Refused) as refused:
        await copy.confirm(session, PIN)
    assert refused.value.code == "app-stopped"
    assert (await kept(phones, device))[0] is AppStatus.STOPPED
    assert "two devices" in (await phones.town.bureau.texts())[-1]["text"]
    purposes = [letter["purpose"] for letter in await phones.town.bureau.letters()]
    assert purposes[-1] == "app-stopped-letter"
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "app-stopped"


async def test_a_copy_that_is_first_makes_the_original_stop_both(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    copy = replace(device)
    for _ in range(2):
        assert code_of(await phones.log_in(phones.town.browser(), copy))
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "app-stopped"


async def test_an_answer_that_got_lost_does_no_harm(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    for _ in range(3):
        before = device.turn
        assert code_of(await phones.log_in(phones.town.browser(), device))
        device.turn = before
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)


async def test_a_wrong_pin_with_an_old_turn_stops_the_app_and_tells_nothing_of_the_pin(
    phones: Telephones,
) -> None:
    device = await phones.add(phones.town.browser())
    copy = replace(device)
    for _ in range(2):
        await phones.log_in(phones.town.browser(), device)
    _, session = await phones.waiting(phones.town.browser(), copy)
    with pytest.raises(Refused) as refused:
        await copy.confirm(session, OTHER_PIN)
    assert refused.value.code == "app-stopped"


async def test_nothing_that_the_server_keeps_tells_whether_a_pin_is_right(phones: Telephones) -> None:
    """Every table and key of the hub, against 100,000 PINs without the device's secret: none fits."""
    device = await phones.add(phones.town.browser())
    desk = phones.town.rooms.apps.meeting.desk
    app = await desk.apps.find(AppId(UUID(device.app)))
    assert app is not None
    kept_key = encode(desk.open_pin_key(app))
    guesser = replace(device, secret=bytes(32))
    assert all(guesser.public_pin_key(pin)["x"] != kept_key for pin in (PIN, *WRONG))
    assert device.public_pin_key(PIN)["x"] == kept_key


async def test_an_activation_by_another_key_than_was_proven_makes_no_app(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    session = await phones.scan(browser, await phones.to_new_app(browser), device)
    members = {"act": "key", "session": session.id, "challenge": session.challenge}
    stranger = phones.device()
    path = f"/activations/{session.id}"
    body = {"device_key": device.public, "statement": stranger.by_device(stranger.payload(members))}
    assert (await device.send(path + "/key", body))[1]["code"] == "proof-invalid"
    private = device.public | {"d": "AAAA"}
    body = {"device_key": private, "statement": device.by_device(device.payload(members))}
    assert (await device.send(path + "/key", body))[1]["code"] == "malformed"
    body = {"device_key": device.public, "statement": device.by_device(device.payload(members))}
    _, keyed = await device.send(path + "/key", body)
    device.app = stranger.app = keyed["app"]
    members |= {"act": "activate", "challenge": keyed["challenge"], "name": "Telephone"}
    for pin_key, by in (
        (device.public_pin_key(PIN), stranger),
        (stranger.public_pin_key(PIN), device),
        ({"kty": "OKP", "crv": "X25519", "x": device.public_pin_key(PIN)["x"]}, device),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, device),
        ("key", device),
    ):
        payload = by.payload(members | {"pin_key": pin_key})
        status, _ = await device.send(path + "/pin", dict(by.both(payload, PIN)))
        assert status in {400, 403}
    for name in ("", " ", "x" * 41, "two\nlines", "turned\u202earound", 7):
        payload = device.payload(members | {"pin_key": device.public_pin_key(PIN), "name": name})
        assert (await device.send(path + "/pin", dict(device.both(payload, PIN))))[0] == 400
    with suppress(Refused):
        await device.activate(session, PIN)
    assert "app:activated" not in await phones.town.bureau.names_of_events()


async def test_the_app_of_somebody_else_answers_no_step_up(phones: Telephones) -> None:
    device, rooms, now = await phones.add(phones.town.browser()), phones.town.rooms, phones.town.bureau.now
    login, visitor = TransactionId(rooms.ids.token(18)), visitor_of("own")
    known = Subject(issuer="citizen-account", identifier="x", person=PersonId(rooms.ids.uuid()))
    await rooms.apps.means.start(replace(ask(login, visitor, Level.LOW, known), admission=APP), now)
    pairing = await rooms.apps.meeting.choose(login, visitor, UNKNOWN, Action.HERE, now)
    assert pairing.shown is not None
    session = await device.scan(token=pairing.shown.token)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "not-entitled"


async def test_more_than_low_is_not_asked_of_an_app(phones: Telephones) -> None:
    asked = ask(TransactionId("x"), visitor_of("own"), Level.SUBSTANTIAL)
    with pytest.raises(LevelUnreachable):
        await phones.town.rooms.apps.means.start(replace(asked, admission=APP), phones.town.bureau.now)
