"""Changing the PIN of an app with the one that it has: nobody else can, and a wrong one counts (L09)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.events import AppPinChanged
from toegang.errors import AppClosed, OneTimeGone, Refusal, settle
from toegang.means.app.standing import COPIED, Stop, stopped, tell_copied
from toegang.means.app.statements import Act, check_new_pin
from toegang.means.app.trying import PinTry, missed
from toegang.means.app.values import App, AppStatus
from toegang.means.citizen.desk import personal
from toegang.means.citizen.opening import open_account
from toegang.means.citizen.telling import notice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Unproven
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChange:
    """The use case of a person who chooses another PIN, and knows the one before."""

    desk: AppDesk

    async def change(self, ask: str, unproven: Unproven, now: datetime) -> str:
        """ASVS-6.2.3: put another PIN in the place of the one that was proven; return the next turn.

        1. the challenge is taken, and an active app of an open means signed it; 2. the new PIN key signed the
        very same; 3. the account may be used; 4. in one unit: the PIN was right or is counted, and the turn
        is in order. That the new PIN is another one the app sees to. Here the two are not compared: an answer
        that they are the same would be a guess that leaves no trace.

        Raises:
            OneTimeGone, ProofInvalid, PartyClosed, AccountClosed, AppClosed: as every statement.
            PinWrong: the PIN is not the one that the app has.

        """
        desk = self.desk
        # 1.
        app, statement = await desk.asked_by(ask, unproven, Act.PIN, now)
        # 2.
        pin_key = check_new_pin(statement)
        # 3.
        account = await open_account(desk.account, app.account, now)
        # 4.
        tried = PinTry.of(desk, app, account, statement)
        async with desk.account.units.begin() as unit:
            result = await self._changed(unit, tried, pin_key, now)
        if isinstance(result, AppClosed) and result.detail == COPIED:
            await tell_copied(desk, account, now)
        return settle(result)

    async def _changed(self, unit: Unit, tried: PinTry, pin_key: bytes, now: datetime) -> str | Refusal:
        desk, account = self.desk, tried.account
        sealed = desk.seal_pin_key(tried.app.id, pin_key)

        def changed(held: App) -> App | Refusal:
            used = tried.used(held, desk.policy.pin_tries, now)
            if isinstance(used, Refusal) or used.status is not AppStatus.ACTIVE or not tried.right:
                return used
            return replace(used, pin_key=sealed, last_used_at=held.last_used_at)

        after = await desk.apps.change(unit, tried.app.id, changed)
        if after is None or isinstance(after, Refusal):
            return after or OneTimeGone()
        if after.status is AppStatus.STOPPED:
            await stopped(desk, unit, Stop(app=tried.app, account=account, why=COPIED), now)
            return AppClosed(AppStatus.STOPPED.value, COPIED)
        if not tried.right:
            return await missed(desk, unit, tried, after, now)
        event = AppPinChanged(at=now, means=after.means, person=personal(account))
        await desk.account.trail.record(unit, event)
        await notice(desk.account, unit, account, SmsPurpose.APP_PIN_CHANGED, now)
        return tried.fresh
