"""What an app asks by itself: a challenge to sign, and to be told by push when a login waits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.audit.events import AppSubscribed, AppUnsubscribed
from toegang.errors import AppClosed, Refusal, settle
from toegang.means.app.statements import Act
from toegang.means.app.values import App, AppId, AppStatus
from toegang.means.citizen.desk import personal
from toegang.means.citizen.standing import check_open
from toegang.post.push import Subscription

if TYPE_CHECKING:
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Unproven

GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A challenge that an app asked for, and the session that it is of: for one statement."""

    session: str = field(repr=False)
    challenge: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribing:
    """The use cases of an app that wants to be told (post.push.Subscribers)."""

    desk: AppDesk

    async def ask(self, network: str, now: datetime) -> Challenge:
        """Give a challenge for a statement about nothing that was scanned; an app may end by one at any time.

        Raises:
            TooManyTries: too many from this network.

        """
        desk, account = self.desk, self.desk.account
        session, challenge = account.ids.token(), account.ids.token()
        until = now + desk.policy.ask_lifetime
        async with account.units.begin() as unit:
            refusal = await account.tallies.count(unit, f"app-ask:{network}", desk.policy.asks, now)
            if refusal is None:
                await desk.memory.asks.keep(unit, session, challenge, until)
        if refusal is not None:
            raise refusal
        return Challenge(session=session, challenge=challenge, until=until)

    async def subscribe(self, ask: str, unproven: Unproven, now: datetime) -> None:
        """Keep the subscription of an app, in the place of the one that it had.

        Raises:
            NotEntitled: its push service is none that we were told to call.
            Malformed: nothing can be sealed for it.
            OneTimeGone, ProofInvalid, AppClosed, AccountClosed: as every statement.

        """
        desk = self.desk
        app, statement = await desk.asked_by(ask, unproven, Act.SUBSCRIBE, now)
        subscription = Subscription.parse(*(statement.text(each) for each in ("endpoint", "p256dh", "auth")))
        desk.push.services.origin_of(subscription.address)
        account = check_open(await desk.account.accounts.find(app.account))
        sealed = desk.seal_push(app.id, subscription)
        async with desk.account.units.begin() as unit:
            after = await desk.apps.change(
                unit, app.id, lambda kept: kept.refusal or replace(kept, push=sealed)
            )
            if isinstance(after, App):
                event = AppSubscribed(at=now, means=app.means, person=personal(account))
                await desk.account.trail.record(unit, event)
        if after is None:
            raise AppClosed(AppStatus.STOPPED.value)
        settle(after)

    async def forget(self, subscriber: str, subscription: Subscription, now: datetime) -> None:
        """Forget a subscription that its push service says is over, unless the app has another by now."""
        desk = self.desk
        found = await desk.apps.find(AppId(UUID(subscriber)))
        if found is None or desk.open_push(found) != subscription:
            return
        account, sealed = await desk.account.accounts.find(found.account), found.push

        def without(kept: App) -> App | Refusal:
            return replace(kept, push=None) if kept.push == sealed else AppClosed(kept.status.value)

        async with desk.account.units.begin() as unit:
            if isinstance(await desk.apps.change(unit, found.id, without), App):
                event = AppUnsubscribed(at=now, means=found.means, person=personal(account), why=GONE)
                await desk.account.trail.record(unit, event)
