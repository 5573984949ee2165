"""What people see of their own account."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.means.citizen import first_number

if TYPE_CHECKING:
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.policy import Policy
    from toegang.means.citizen.visitor import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSeen:
    """A device on which the account was used; `tag` names it on a page, `here` is the one that asks."""

    tag: str
    since: datetime
    last_used_at: datetime
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What people see of their account. The number is told by its last digits, empty without one.

    `number_rests_until` is when the number can be changed again; None when it can be now.
    `number_waiting` are the last digits of a first number that waits for the code of its letter.
    """

    reach: Level | None
    number_ending: str
    number_since: datetime | None
    number_rests_until: datetime | None
    number_waiting: str
    activated_at: datetime | None
    last_used_at: datetime | None
    devices: tuple[DeviceSeen, ...]


async def overview_of(desk: Desk, account: Account, visitor: Visitor, now: datetime) -> Overview:
    """Return what the person of an account sees of it."""
    number = desk.number_of(account)
    waiting = await first_number.waiting(desk, account, now)
    devices = await desk.devices.of_account(account.id)
    return Overview(
        reach=account.reach,
        number_ending=number.ending if number else "",
        number_since=account.number_since,
        number_rests_until=rests_until(desk.policy, account, now),
        number_waiting=waiting.number_ending if waiting else "",
        activated_at=account.activated_at,
        last_used_at=account.last_used_at,
        devices=tuple(
            DeviceSeen(
                tag=device_tag(device.token),
                since=device.since,
                last_used_at=device.last_used_at,
                here=hmac.compare_digest(device.token, visitor.device_hash),
            )
            for device in devices
        ),
    )


def device_tag(token: bytes) -> str:
    """Return what a page calls a device by; nothing of its cookie can be told from it."""
    return sha256(b"device tag\0" + token).hexdigest()[:32]


def rests_until(policy: Policy, account: Account, now: datetime) -> datetime | None:
    """Return until when a number that was given lately cannot be changed (L06); None when it can be now."""
    if account.number is None or account.number_since is None:
        return None
    until = account.number_since + policy.number_rest
    return until if now < until else None
