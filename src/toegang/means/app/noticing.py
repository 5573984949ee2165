"""Telling an app that there is news of its account: the app shows that, and nothing of what."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import NotEntitled
from toegang.means.citizen.telling import Subscribed
from toegang.post.push import NEWS, Pushed

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.citizen.account import Account
    from toegang.units import Unit

LIFETIME: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """The apps of an account that show notices (means.citizen.notifying.Pushing)."""

    desk: AppDesk

    async def reaches(self, account: Account) -> bool:
        """Tell whether an app of the account shows notices, by a push service that may be called."""
        return bool(await self.subscribed(account))

    async def push(self, unit: Unit, apps: tuple[Subscribed, ...], notice: str, now: datetime) -> None:
        """Push that there is news, to each of these apps; what the first cannot bring is given back."""
        for each in apps:
            pushed = Pushed(
                subscriber=each.app,
                subscription=each.subscription,
                until=now + LIFETIME,
                kind=NEWS,
                notice=notice,
            )
            await self.desk.push.send(unit, pushed, now)
            notice = ""

    async def subscribed(self, account: Account) -> tuple[Subscribed, ...]:
        """Return the apps of an account that show notices, by a push service that may be called."""
        found: list[Subscribed] = []
        for app in await self.desk.apps.of_account(account.id):
            subscription = self.desk.open_push(app) if app.refusal is None else None
            if subscription is not None:
                with suppress(NotEntitled):
                    self.desk.push.services.origin_of(subscription.address)
                    found.append(Subscribed(app=str(app.id), subscription=subscription))
        return tuple(found)
