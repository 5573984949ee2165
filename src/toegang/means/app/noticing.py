"""Telling an app that there is news of its account: the app shows that, and nothing of what."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import NotEntitled
from toegang.post.push import NEWS, Pushed

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.citizen.account import Account
    from toegang.post.push import Subscription
    from toegang.units import Unit

LIFETIME: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """The apps of an account that show notices (means.citizen.notifying.Pushing)."""

    desk: AppDesk

    async def reaches(self, account: Account) -> bool:
        """Tell whether an app of the account shows notices, by a push service that may be called."""
        return bool(await self._subscribed(account))

    async def push(self, unit: Unit, account: Account, notice: str, now: datetime) -> None:
        """Push that there is news, to every app; what the first cannot bring is given back."""
        for app, subscription in await self._subscribed(account):
            pushed = Pushed(
                subscriber=app, subscription=subscription, until=now + LIFETIME, kind=NEWS, notice=notice
            )
            await self.desk.push.send(unit, pushed, now)
            notice = ""

    async def _subscribed(self, account: Account) -> list[tuple[str, Subscription]]:
        found: list[tuple[str, Subscription]] = []
        for app in await self.desk.apps.of_account(account.id):
            subscription = self.desk.open_push(app) if app.refusal is None else None
            if subscription is not None:
                with suppress(NotEntitled):
                    self.desk.push.services.origin_of(subscription.address)
                    found.append((str(app.id), subscription))
        return found
