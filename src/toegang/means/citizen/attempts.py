"""One try of a name and a password: found, counted, and what its failing leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import AccountLocked, AccountSignInFailed, SignInFailure
from toegang.errors import CredentialsWrong, Refusal, TooManyTries
from toegang.means.citizen.account import Account, Device
from toegang.means.citizen.desk import network_event, personal
from toegang.means.citizen.visitor import Visitor
from toegang.means.citizen.warning import warn_later

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.policy import Limit
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user name and a password as typed."""

    name: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: by whom, of which name and password (hashed), on which account (None: nobody's name).

    `reference` is that of the login that it was made in, empty outside a login.
    """

    visitor: Visitor
    reference: str
    name: bytes = field(repr=False)
    password: str = field(repr=False)
    device: Device | None
    account: Account | None

    @property
    def tally(self) -> str:
        """Where it is counted: a known device never shares a count with strangers."""
        name = self.name.hex()
        return f"name:{name}" if self.device is None else f"device:{self.device.token.hex()}:{name}"


async def attempt(desk: Desk, visitor: Visitor, reference: str, typed: Credentials, now: datetime) -> Attempt:
    """Find whom the name belongs to, and whether they used this device before."""
    name = desk.keys.name(typed.name)
    device = await known_device(desk, name, visitor, now)
    account = await desk.accounts.find_by_name(name)
    return Attempt(
        visitor=visitor,
        reference=reference,
        name=name,
        password=desk.keys.password(typed.password),
        device=device,
        account=None if account is None or account.lapsed(now) else account,
    )


async def known_device(desk: Desk, name: bytes, visitor: Visitor, now: datetime) -> Device | None:
    """Find the visitor's device among those of the account with this name."""
    return await desk.devices.known(name, visitor.device_hash, now - desk.policy.device_lifetime)


async def count(desk: Desk, made: Attempt, now: datetime) -> None:
    """NIST-SP800-63B-3.2.2: count the try before it is looked at, so that parallel tries all count.

    Strangers are also stopped by what their network, or this very password on other names, failed at
    before; a known device is not.

    Raises:
        TooManyTries: wait.

    """
    refusal = await _crowd(desk, made, now) if made.device is None else None
    limit = desk.policy.name_tries if made.device is None else desk.policy.device_tries
    async with desk.units.begin() as unit:
        refusal = refusal or await desk.tallies.count(unit, made.tally, limit, now)
        if refusal is not None:
            await record(desk, unit, made, SignInFailure.THROTTLED, now)
    if refusal is not None:
        raise refusal


async def failed(desk: Desk, made: Attempt, now: datetime) -> Refusal:
    """Count a failure, of the account (if any), the device, the network and the password tried."""
    policy = desk.policy
    async with desk.units.begin() as unit:
        if made.device is None:
            for what, limit in _crowd_limits(desk, made):
                await desk.tallies.count(unit, what, limit, now)
        else:
            await desk.devices.count_failure(unit, made.device, policy.device_failures_most)
        why = SignInFailure.NAME if made.account is None else SignInFailure.PASSWORD
        await record(desk, unit, made, why, now)
        await count_failure(desk, unit, made, now)
    return CredentialsWrong()


async def count_failure(desk: Desk, unit: Unit, made: Attempt, now: datetime) -> None:
    """NIST-SP800-63B-3.2.2: count a failure of the account, if any; at the cap its owner is warned."""
    most, failures = desk.policy.failures_most, await desk.accounts.count_failure(unit, made.name)
    if made.account is None or not failures or failures % most:
        return
    if failures == most:
        event = AccountLocked(at=now, means=desk.means, person=personal(made.account), seconds=0, tries=most)
        await desk.trail.record(unit, event)
    await warn_later(desk, unit, made.account, now)


def is_capped(desk: Desk, made: Attempt, account: Account) -> bool:
    """NIST-SP800-63B-3.2.2: after so many failures in a row only known devices and recovery are left."""
    return made.device is None and account.failures >= desk.policy.failures_most


async def record(desk: Desk, unit: Unit, made: Attempt, why: SignInFailure, now: datetime) -> None:
    """Record that signing in did not succeed; an event is written for nobody's name too."""
    event = AccountSignInFailed(
        at=now,
        means=desk.means,
        person=personal(made.account),
        why=why,
        reference=made.reference or None,
        network=network_event(made.visitor.network),
    )
    await desk.trail.record(unit, event)


async def _crowd(desk: Desk, made: Attempt, now: datetime) -> Refusal | None:
    for what, limit in _crowd_limits(desk, made):
        wait = await desk.tallies.wait(what, limit, now)
        if wait:
            return TooManyTries(wait, what.partition(":")[0])
    return None


def _crowd_limits(desk: Desk, made: Attempt) -> tuple[tuple[str, Limit], ...]:
    return (
        (f"network:{made.visitor.network}", desk.policy.network_failures),
        (f"password:{made.password}", desk.policy.same_password),
    )
