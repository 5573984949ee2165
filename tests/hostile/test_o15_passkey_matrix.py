"""O15: passkeys in every state of means, account and passkey, at every entry; stopping always works."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from demo.authenticator import Authenticator
from tests.means.bureau import browser as visitor_of
from tests.means.keyholders import PASSKEYS, Keyholders, keyholders_in, options_of
from tests.means.vouching import KNOWN
from tests.web.citizens import Town
from tests.web.linked import put
from toegang.assurance import Level
from toegang.errors import Refusal
from toegang.means.base import Authentication
from toegang.means.citizen.account import Act
from toegang.means.citizen.own_account import SignedIn
from toegang.means.citizen.standing import withdrawn
from toegang.means.citizen.visitor import Visitor
from toegang.means.passkey.own_passkeys import Answer
from toegang.means.passkey.values import Passkey, PasskeyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A passkey, a login that waits for it, one that it proved, and another one that is being added."""

    keyholders: Keyholders
    passkey: Passkey
    login: str
    visitor: Visitor
    answer: str
    proven: Authentication
    signed_in: SignedIn
    made: str

    @property
    def town(self) -> Town:
        return self.keyholders.town


async def waiting(keyholders: Keyholders, device: Authenticator) -> tuple[str, Visitor, str]:
    """Come to a login, and have what the device answers to it."""
    browser = keyholders.town.browser()
    page = await keyholders.to_login(browser)
    visitor = Visitor(browser=browser.http.cookies["toegang-browser"], network="")
    return page.address.rpartition("/")[2], visitor, json.dumps(device.use(options_of(page)))


@pytest.fixture
async def prepared(town: Town) -> Prepared:
    keyholders = await keyholders_in(town)
    device, other, passkeys = keyholders.device(), keyholders.device(), town.rooms.passkeys
    kept = await keyholders.register(device, Level.LOW)
    login, visitor, answer = await waiting(keyholders, device)
    proven = (await passkeys.logging_in.prove(login, visitor, answer, town.bureau.now)).authentication
    login, visitor, answer = await waiting(keyholders, device)
    signed_in = SignedIn(account=kept.account, level=Level.LOW, at=town.bureau.now)
    asked = await passkeys.own.begin(signed_in, visitor_of(), town.bureau.now)
    town.bureau.later(seconds=1)
    return Prepared(
        keyholders=keyholders,
        passkey=kept,
        login=login,
        visitor=visitor,
        answer=answer,
        proven=proven,
        signed_in=signed_in,
        made=json.dumps(other.create(asked)),
    )


async def prove(at: Prepared) -> object:
    return await at.town.rooms.passkeys.logging_in.prove(at.login, at.visitor, at.answer, at.town.bureau.now)


async def use_again(at: Prepared) -> object:
    await at.town.rooms.logins.check_usable(at.proven, at.town.bureau.now)
    return True


async def begin(at: Prepared) -> object:
    return await at.town.rooms.passkeys.own.begin(at.signed_in, visitor_of(), at.town.bureau.now)


async def add(at: Prepared) -> object:
    answer = Answer(name="Tablet", credential=at.made)
    return await at.town.rooms.passkeys.own.add(at.signed_in, visitor_of(), answer, at.town.bureau.now)


ATTESTED_ONLY = {"synced": "no", "device_bound": "no", "attested": "low", "models": str(KNOWN)}
ENTRIES: tuple[Callable[[Prepared], Awaitable[object]], ...] = (prove, use_again, begin, add)
ALL = {each.__name__ for each in ENTRIES}


async def nothing(at: Prepared) -> None:
    """Leave everything open."""


def admission(**changes: object) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        await put(at.town, replace(PASSKEYS, **changes))  # type: ignore[arg-type]

    return close


def account(act: Act) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        desk, now = at.town.bureau.desk, at.town.bureau.now
        async with desk.units.begin() as unit:
            await desk.accounts.change(unit, at.passkey.account, lambda held: withdrawn(held, act, now))

    return close


async def end(at: Prepared) -> None:
    await at.town.rooms.citizen.operating.end(at.passkey.account, "operator", at.town.bureau.now)


async def die(at: Prepared) -> None:
    register = at.town.bureau.register
    register.people = {
        bsn: replace(person, deceased_on=at.town.bureau.now.date()) for bsn, person in register.people.items()
    }
    at.town.bureau.later(days=2)


async def stop(at: Prepared) -> None:
    await at.town.rooms.passkeys.own.stop(at.signed_in, at.passkey.id, at.town.bureau.now)


STATES: dict[str, tuple[Callable[[Prepared], Awaitable[None]], set[str]]] = {
    "open": (nothing, set()),
    "means blocked": (admission(blocked=True), ALL),
    "means disabled": (admission(enabled=False), ALL),
    "bond not admitted": (
        admission(
            settings=(("synced", "no"), ("device_bound", "no"), ("attested", "low"), ("models", str(KNOWN)))
        ),
        {"prove", "use_again", "add"},
    ),
    "suspended": (account(Act.SUSPEND), ALL),
    "locked": (account(Act.LOCK), ALL),
    "blocked": (account(Act.BLOCK), ALL),
    "ended": (end, ALL),
    "passkey stopped": (stop, {"prove", "use_again"}),
}


@pytest.mark.parametrize("state", STATES)
async def test_every_entry_is_closed_where_it_should_be_and_stopping_works(
    prepared: Prepared, state: str
) -> None:
    close, closed = STATES[state]
    await close(prepared)
    found = set()
    for entry in (use_again, prove, add, begin):
        try:
            await entry(prepared)
        except Refusal:
            found.add(entry.__name__)
    assert found == closed
    await stop(prepared)
    assert (await prepared.keyholders.find(prepared.passkey.id)).status is PasskeyStatus.STOPPED


async def test_the_passkey_of_somebody_who_died_proves_nobody(prepared: Prepared) -> None:
    keyholders, town = prepared.keyholders, prepared.town
    device = keyholders.device()
    await keyholders.register(device, Level.LOW)
    await die(prepared)
    login, visitor, answer = await waiting(keyholders, device)
    with pytest.raises(Refusal):
        await town.rooms.passkeys.logging_in.prove(login, visitor, answer, town.bureau.now)
