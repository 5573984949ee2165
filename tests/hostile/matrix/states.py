"""What can be closed, how that is done, and what it closes of what entries rest on."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

import pytest

from demo.app_device import Device, Refused, Session
from tests.conftest import NOON
from tests.hostile.matrix.entries import On
from tests.means.bureau import DAAN, SANNE
from tests.means.keyholders import PASSKEYS
from tests.means.telephones import APP, OTHER_PIN
from tests.web.citizens import CITIZEN, Browser, Town
from tests.web.linked import put
from toegang.app.life import life
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, Validity
from toegang.errors import Unavailable
from toegang.means.citizen.account import AccountId, Act
from toegang.means.citizen.holding import SuspensionReason
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.operating import Suspension
from toegang.means.citizen.own_account import SignedIn
from toegang.means.citizen.standing import withdrawn
from toegang.means.life.store import Feed
from toegang.registers.events import Notice, Told
from toegang.registers.events_http import parse

OVER = Validity(until=NOON - timedelta(hours=1))
ALL_OF_IT = frozenset({On.ACCOUNT, On.RECOVERY, On.PERSON})


class Phone(Protocol):
    """An app of the resident: its device, a login that waits for it, a browser that is in My account."""

    @property
    def device(self) -> Device: ...
    @property
    def waiting(self) -> Session: ...
    @property
    def inside(self) -> Browser: ...


class Place(Protocol):
    """Where something is closed."""

    @property
    def town(self) -> Town: ...
    @property
    def apps(self) -> Phone: ...


@dataclass(frozen=True, slots=True)
class State:
    """One thing that is closed; `named` are the eight that the matrix is asked for."""

    close: Callable[[Place], Awaitable[None]]
    closes: frozenset[On]
    named: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """A register that tells one event."""

    event: bytes

    async def read(self, after: str, most: int) -> Told:
        if most < 1:
            raise Unavailable
        return Told(events=() if after else (self.event,), next="told")

    def parse(self, octets: bytes) -> Notice | None:
        return parse(octets)


async def nothing(at: Place) -> None:
    """Leave all as it is."""


async def misuse(at: Place) -> None:
    kept = await at.town.bureau.account()
    await at.town.rooms.citizen.reporting.report(kept.id, Report(login=""), at.town.bureau.now)


async def by_user(at: Place) -> None:
    kept, now = await at.town.bureau.account(), at.town.bureau.now
    signed_in = SignedIn(account=kept.id, level=Level.LOW, at=now)
    await at.town.rooms.citizen.own.suspend(signed_in, now)


async def by_authority(at: Place) -> None:
    await by_authority_in(at.town)


async def by_authority_in(town: Town) -> None:
    """Have the account of the one resident suspended."""
    person = (await town.bureau.account()).person
    assert person is not None
    suspension = Suspension(reason=SuspensionReason.AUTHORITY, last_day=date(2027, 12, 31))
    await town.rooms.citizen.operating.suspend(person, suspension, town.bureau.now)


def told(kind: str, **more: object) -> Callable[[Place], Awaitable[None]]:
    async def close(at: Place) -> None:
        await told_in(kind, **more)(at.town)

    return close


def told_in(kind: str, **more: object) -> Callable[[Town], Awaitable[None]]:
    """Have the register tell something of the one resident."""
    about = {"number": 1, "kind": kind, "bsn": SANNE.digits, "at": "2027-03-01T12:00:00Z"}
    register = Register(json.dumps(about | more).encode())

    async def tell(town: Town) -> None:
        following = life(town.app.ground, town.rooms.citizen).following
        async with following.desk.account.units.begin() as unit:
            await following.desk.store.keep_feed(unit, Feed(cursor="", heard_at=town.bureau.now))
        assert await replace(following, register=register).look(town.bureau.now) == 1

    return tell


async def two_accounts(at: Place) -> None:
    """Let the person's number turn out to be that of somebody else who is in use."""
    desk = at.town.rooms.citizen.operating.desk
    account = await at.town.bureau.account()
    async with desk.units.begin() as unit:
        other = await desk.enrolment.enrol(unit, DAAN, at.town.bureau.now)
        name = desk.keys.name("daan1234")
        copy = replace(account, id=AccountId(desk.ids.uuid()), person=other.id, name=name)
        assert await desk.accounts.add(unit, copy, at.town.bureau.now)
    await told("number-correction", newBsn=DAAN.digits)(at)


def account(act: Act) -> Callable[[Place], Awaitable[None]]:
    async def close(at: Place) -> None:
        desk = at.town.rooms.citizen.operating.desk
        kept, now = await at.town.bureau.account(), at.town.bureau.now
        async with desk.units.begin() as unit:
            await desk.accounts.change(unit, kept.id, lambda held: withdrawn(held, act, now))

    return close


async def end(at: Place) -> None:
    kept = await at.town.bureau.account()
    await at.town.rooms.citizen.operating.end(kept.id, "operator", at.town.bureau.now)


async def stop_app(at: Place) -> None:
    page = await at.apps.inside.open("/account/apps")
    await at.apps.inside.send(page, app=at.apps.device.app)


async def block_app(at: Place) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            await at.apps.device.confirm(at.apps.waiting, OTHER_PIN)


async def stop_passkey(at: Place) -> None:
    own, now = at.town.rooms.passkeys.own, at.town.bureau.now
    account = await at.town.bureau.account()
    for passkey in await own.desk.passkeys.of_account(account.id):
        await own.stop(SignedIn(account=account.id, level=Level.LOW, at=now), passkey.id, now)


async def ceilings(at: Place) -> None:
    await put(at.town, *(replace(each, ceiling=Level.BASIC) for each in (CITIZEN, APP, PASSKEYS)))


def admission(means: AdmittedMeans, **changes: object) -> Callable[[Place], Awaitable[None]]:
    async def close(at: Place) -> None:
        await put(at.town, replace(means, **changes))  # type: ignore[arg-type]

    return close


PASSPORT = {"type": "passport", "number": "SPECI2027"}
STATES: dict[str, State] = {
    "enabled": State(nothing, frozenset()),
    "locked": State(misuse, frozenset({On.ACCOUNT, On.APP})),
    "blocked by user": State(by_user, frozenset({On.ACCOUNT})),
    "suspended": State(by_authority, ALL_OF_IT),
    "deceased": State(told("death"), ALL_OF_IT),
    "document lost": State(told("document-lost", document=PASSPORT), frozenset({On.DOCUMENT})),
    "device stopped": State(stop_app, frozenset({On.APP})),
    "level downgraded": State(ceilings, frozenset({On.LOW})),
    "passkey stopped": State(stop_passkey, frozenset({On.PASSKEY}), named=False),
    "two accounts": State(two_accounts, ALL_OF_IT, named=False),
    "blocked by us": State(account(Act.BLOCK), ALL_OF_IT, named=False),
    "ended": State(end, frozenset({On.ACCOUNT, On.RECOVERY, On.APP}), named=False),
    "recovered": State(account(Act.RECOVER), frozenset({On.EARLIER}), named=False),
    "device blocked": State(block_app, frozenset({On.APP}), named=False),
    "means blocked": State(admission(APP, blocked=True), frozenset({On.APP_MEANS}), named=False),
    "means disabled": State(admission(APP, enabled=False), frozenset({On.APP_MEANS}), named=False),
    "account means blocked": State(
        admission(CITIZEN, blocked=True), frozenset({On.ACCOUNT_MEANS}), named=False
    ),
    "account means disabled": State(
        admission(CITIZEN, enabled=False), frozenset({On.ACCOUNT_MEANS}), named=False
    ),
    "passkeys disabled": State(
        admission(PASSKEYS, enabled=False), frozenset({On.PASSKEY_MEANS}), named=False
    ),
    "means over": State(admission(APP, validity=OVER), frozenset({On.APP_MEANS}), named=False),
}
