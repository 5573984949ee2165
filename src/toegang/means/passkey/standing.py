"""The standing of a passkey: the one gate that every use passes, and what stops one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import PasskeyStopped
from toegang.errors import PasskeyRefused
from toegang.means.citizen.desk import personal
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.citizen.telling import Told, tell
from toegang.means.passkey.values import Why
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.means.citizen.account import Account
    from toegang.means.passkey.desk import PasskeyDesk
    from toegang.means.passkey.values import Passkey, PasskeyId, PasskeyStore
    from toegang.units import Unit

COPIED = "copied"
BY_PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeysOfAccount:
    """What goes with an account when that is stopped (means.citizen.account.Companions): its passkeys."""

    passkeys: PasskeyStore
    trail: Trail

    async def stop_all(self, unit: Unit, account: Account, why: str, now: datetime) -> None:
        """Stop every passkey of the account, whatever its state."""
        for passkey in await self.passkeys.stop_all(unit, account.id, why, now):
            await self.trail.record(unit, _event(passkey, account, why, now))


async def check_passkey(desk: PasskeyDesk, passkey: PasskeyId) -> Passkey:
    """Return the passkey when it may be used now.

    Raises:
        PasskeyRefused: none, or not active.

    """
    found = await desk.passkeys.find(passkey)
    refusal = PasskeyRefused(why=Why.UNKNOWN) if found is None else found.refusal
    if found is None or refusal is not None:
        raise refusal or PasskeyRefused(why=Why.UNKNOWN)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The stop of a passkey: as it was before, whose it is, and why as a short word."""

    passkey: Passkey
    account: Account | None
    why: str


async def stopped(desk: PasskeyDesk, unit: Unit, stop: Stop, now: datetime) -> None:
    """Record that a passkey was stopped, and withdraw what it proved."""
    passkey, account = stop.passkey, stop.account
    await desk.account.trail.record(unit, _event(passkey, account, stop.why, now))
    withdrawn = ProofsWithdrawn(
        means=passkey.means,
        account=str(passkey.account),
        person=account.person if account else None,
        why="passkey-stopped",
        at=now,
        authenticator=str(passkey.id),
    )
    await desk.account.outbox.put(unit, withdrawn.message(desk.account.ids), now)


async def tell_copied(desk: PasskeyDesk, account: Account, now: datetime) -> None:
    """L10: tell the person that a passkey was stopped of which there seem to be two."""
    to = await desk.account.addressee(account)
    async with desk.account.units.begin() as unit:
        told = Told(account, to, SmsPurpose.PASSKEY_STOPPED, LetterPurpose.PASSKEY_STOPPED)
        await tell(desk.account, unit, told, now)


def _event(passkey: Passkey, account: Account | None, why: str, now: datetime) -> PasskeyStopped:
    return PasskeyStopped(
        at=now,
        means=passkey.means,
        person=personal(account),
        before=passkey.told,
        after=None,
        bond=passkey.bond.value,
        why=why,
    )
