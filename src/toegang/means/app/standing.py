"""The standing of an app: the one gate that every use passes, and what stops one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import AppStopped
from toegang.errors import AppClosed
from toegang.means.app.values import App, AppId, AppStatus
from toegang.means.citizen.desk import personal
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.citizen.telling import Told, tell
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.values import AppStore
    from toegang.means.citizen.account import Account
    from toegang.units import Unit

COPIED = "copied"
BY_PERSON = "person"
BY_DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppsOfAccount:
    """What goes with an account when that is stopped (means.citizen.account.Companions): its apps."""

    apps: AppStore
    trail: Trail

    async def stop_all(self, unit: Unit, account: Account, why: str, now: datetime) -> None:
        """Stop every app of the account, whatever its state."""
        for app in await self.apps.stop_all(unit, account.id, why, now):
            event = AppStopped(
                at=now, means=app.means, person=personal(account), before=app.reach, after=None, why=why
            )
            await self.trail.record(unit, event)


async def check_app(desk: AppDesk, app: AppId) -> App:
    """Return the app when it may be used now.

    Raises:
        AppClosed: none, or not active.

    """
    return check_active(await desk.apps.find(app))


def check_active(found: App | None) -> App:
    """Return an app that was found when it may be used now; refuses as `check_app` does."""
    if found is None:
        raise AppClosed(AppStatus.STOPPED.value)
    refusal = found.refusal
    if refusal is not None:
        raise refusal
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The stop of an app: the app as it was before, whose it is, and why as a short word."""

    app: App
    account: Account | None
    why: str


async def stop(desk: AppDesk, app: AppId, account: Account | None, why: str, now: datetime) -> None:
    """Stop an app, whatever its state; a second time nothing happens."""
    async with desk.account.units.begin() as unit:
        before: list[App] = []

        def change(kept: App) -> App:
            before[:] = [kept]
            return kept.stopped(why, now)

        await desk.apps.change(unit, app, change)
        if before and before[0].status is not AppStatus.STOPPED:
            await stopped(desk, unit, Stop(app=before[0], account=account, why=why), now)


async def stopped(desk: AppDesk, unit: Unit, stop: Stop, now: datetime) -> None:
    """Record that an app was stopped, and withdraw what it proved."""
    app, account = stop.app, stop.account
    event = AppStopped(
        at=now, means=app.means, person=personal(account), before=app.reach, after=None, why=stop.why
    )
    await desk.account.trail.record(unit, event)
    withdrawn = ProofsWithdrawn(
        means=app.means,
        account=str(app.account),
        person=account.person if account else None,
        why="app-stopped",
        at=now,
        authenticator=str(app.id),
    )
    await desk.account.outbox.put(unit, withdrawn.message(desk.account.ids), now)


async def tell_copied(desk: AppDesk, account: Account, now: datetime) -> None:
    """L09: tell the person, by text message and letter, that an app was stopped that two devices used."""
    to = await desk.account.addressee(account)
    async with desk.account.units.begin() as unit:
        await tell(
            desk.account, unit, Told(account, to, SmsPurpose.APP_STOPPED, LetterPurpose.APP_STOPPED), now
        )
