"""Telling the person of an account that something happened with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.citizen.number_change import notice
from toegang.means.citizen.posting import Writing

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.post.texts import LetterPurpose, SmsPurpose
    from toegang.registers.population import Registered
    from toegang.units import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """What the person of an account is told: by text message to their number, and by letter to `to`."""

    account: Account
    to: Registered | None
    sms: SmsPurpose
    letter: LetterPurpose | None


async def tell(desk: Desk, unit: Unit, told: Told, now: datetime) -> None:
    """Tell it."""
    await notice(desk, unit, told.account, told.sms, now)
    if told.letter is not None:
        writing = Writing.of(told.account, told.letter, told.to)
        await desk.posting.letter(unit, writing, now)
