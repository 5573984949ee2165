"""Undoing a check: by the person, or because a document of theirs was reported lost or stolen.

Which document an app was checked with is kept nowhere. So a report of any of the person's lowers every app
that was checked; with another document they check again, in a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import AppLowered
from toegang.means.app.values import App
from toegang.means.citizen.desk import personal
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.life.store import LOWERS

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.values import AppId, AppStore
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.life.store import DocumentReport
    from toegang.units import Unit


@dataclass(frozen=True, slots=True)
class Lowering:
    """Which app of which account, and why as a short word."""

    account: Account
    app: AppId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedApps:
    """Apps that were checked with a document (means.life.store.RestsOnDocuments)."""

    account: Desk
    apps: AppStore

    async def lower(self, unit: Unit, lowering: Lowering, now: datetime) -> None:
        """Make an app worth what it was before; what it proved since counts no more. Twice is once."""
        before: list[App] = []

        def change(kept: App) -> App:
            before[:] = [kept]
            return kept.lowered()

        after = await self.apps.change(unit, lowering.app, change)
        if not isinstance(after, App) or not before or after.level == before[0].level:
            return
        event = AppLowered(
            at=now,
            means=after.means,
            person=personal(lowering.account),
            before=before[0].reach,
            after=after.reach,
            why=lowering.why,
        )
        await self.account.trail.record(unit, event)
        withdrawn = ProofsWithdrawn(
            means=after.means,
            account=str(lowering.account.id),
            person=lowering.account.person,
            why="app-lowered",
            at=now,
            authenticator=str(lowering.app),
        )
        await self.account.outbox.put(unit, withdrawn.message(self.account.ids), now)

    async def document_reported(self, unit: Unit, report: DocumentReport, now: datetime) -> None:
        """eIDAS-2015/1502-2.1.2: lower the person's apps; what was found again raises none."""
        if report.state not in LOWERS:
            return
        for account in await self.account.accounts.of_person(report.person):
            for app in await self.apps.of_account(account.id):
                await self.lower(unit, Lowering(account, app.id, report.state.value), now)
