"""What people do with their own apps in My account: look, add one, stop one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.errors import (
    LevelNotProven,
    NotEntitled,
    PartyClosed,
    UnknownParty,
    ValueRefused,
)
from toegang.means.app.pairing import Flow, Pairing
from toegang.means.app.standing import BY_PERSON, stop
from toegang.means.app.values import AppId, AppStatus
from toegang.means.base import Factor
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.standing import check_open

if TYPE_CHECKING:
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.values import App
    from toegang.means.citizen.own_account import SignedIn
    from toegang.means.citizen.visitor import Visitor

USABLE = frozenset({AppStatus.ACTIVE, AppStatus.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnApps:
    """The use cases of My account that are about apps."""

    desk: AppDesk

    def offered(self, now: datetime) -> bool:
        """Tell whether an app can be added now: the means is admitted and open."""
        try:
            self.desk.admission(now)
        except (PartyClosed, UnknownParty):
            return False
        return True

    async def apps(self, signed_in: SignedIn) -> tuple[App, ...]:
        """Return the apps of an account that were not stopped, oldest first.

        Raises:
            AccountClosed: the account was stopped.

        """
        account = check_open(await self.desk.account.accounts.find(signed_in.account))
        return await self.desk.apps.of_account(account.id)

    async def begin(
        self, signed_in: SignedIn, factors: tuple[Factor, ...], visitor: Visitor, language: str, now: datetime
    ) -> str:
        """NIST-SP800-63B-4.1.2: begin to add an app, on the ground of how this login proved; return its id.

        Raises:
            LevelNotProven: log in again first.
            PartyClosed, UnknownParty: the app is not admitted now.
            NotEntitled: there are as many apps as there may be, or this login is no ground.
            ValueRefused: the ground is a letter, and no letter reaches the person.

        """
        desk = self.desk
        admission = desk.admission(now)
        if await OwnAccount(desk=desk.account).login_needed(signed_in, now) is not None:
            raise LevelNotProven
        account = check_open(await desk.account.accounts.find(signed_in.account))
        flow = ground_of(factors)
        found = await desk.apps.of_account(account.id)
        if sum(app.status in USABLE for app in found) >= desk.policy.apps_most:
            message = "too many apps"
            raise NotEntitled(message)
        if flow is Flow.BY_LETTER and await desk.account.addressee(account) is None:
            field, reason = "", "no-address"
            raise ValueRefused(field, reason)
        id_ = desk.account.ids.token(18)
        pairing = Pairing(
            flow=flow,
            browser=visitor.browser_hash,
            means=admission.id,
            language=language,
            until=now + desk.policy.pairing_lifetime,
            account=account.id,
            level=Level.LOW if flow is Flow.BY_LETTER else min(signed_in.level, Level.LOW),
            signed_in_at=signed_in.at,
        )
        async with desk.account.units.begin() as unit:
            await desk.memory.pairings.keep(unit, id_, pairing, pairing.until)
        return id_

    async def stop(self, signed_in: SignedIn, app: AppId, now: datetime) -> None:
        """Stop one of the account's own apps, whatever its state; a second time nothing happens.

        Raises:
            NotEntitled: it is no app of this account; never said whether it exists.

        """
        desk = self.desk
        account = await desk.account.accounts.find(signed_in.account)
        found = await desk.apps.find(app)
        if account is None or found is None or found.account != account.id:
            raise NotEntitled
        await stop(desk, app, account, BY_PERSON, now)


def ground_of(factors: tuple[Factor, ...]) -> Flow:
    """Return on which ground an app may be added after a login with these factors.

    Raises:
        NotEntitled: on none.

    """
    if Factor.APP in factors:
        return Flow.BY_APP
    if Factor.PASSWORD not in factors:
        message = "this login is no ground for an app"
        raise NotEntitled(message)
    return Flow.BY_SMS if Factor.SMS_CODE in factors else Flow.BY_LETTER
