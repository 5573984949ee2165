"""The door of checks: begin one with an app of one's own or during a login, and undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import (
    AccountClosed,
    LevelNotProven,
    NotEntitled,
    OneTimeGone,
    PartyClosed,
    StepOutOfOrder,
)
from toegang.means.app.pairing import Flow, State, Whereabouts
from toegang.means.app.standing import BY_PERSON, check_app
from toegang.means.app.values import App, AppId
from toegang.means.base import Factor
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.standing import check_open
from toegang.means.document.check import PURPOSE, About
from toegang.means.document.lowering import CheckedApps, Lowering
from toegang.means.reader.readers import Beginning

if TYPE_CHECKING:
    from toegang.catalogue.values import Text
    from toegang.means.app.desk import AppDesk
    from toegang.means.base import Authentication
    from toegang.means.citizen.own_account import SignedIn
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.reader.readers import Readers
    from toegang.means.reader.sessions import ReaderSession


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a check is begun: which browser, what it calls itself, in which language, and when."""

    visitor: Visitor
    browser: Text
    language: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The use cases of who has an app; `reader` is the address where people get a reader, empty for none."""

    desk: AppDesk
    readers: Readers
    reader: str = ""

    @property
    def offered(self) -> bool:
        """Tell whether documents are checked here."""
        return PURPOSE in self.readers.conversations

    def app_of(self, proven: Authentication) -> AppId | None:
        """Return the app that somebody logged in with; None when it was something else."""
        if Factor.APP not in proven.factors or not proven.authenticator:
            return None
        return AppId(UUID(proven.authenticator))

    async def begin(self, signed_in: SignedIn, proven: Authentication, at: At) -> str:
        """eIDAS-2015/1502-2.2.1: begin a check with the app that its person logged in with just now.

        The login ties the check to the app: who holds the device and knows its PIN, and nobody else.

        Raises:
            PartyClosed, UnknownParty: documents are not checked here, or the means is closed.
            LevelNotProven: log in with the app first, or anew.
            AppClosed, AccountClosed: it may not be used.

        """
        self._check_offered()
        app = self.app_of(proven)
        if (
            app is None
            or await OwnAccount(desk=self.desk.account).login_needed(signed_in, at.now) is not None
        ):
            raise LevelNotProven
        return await self._begin(await check_app(self.desk, app), signed_in.at, at, ())

    async def begin_in_login(self, login: str, at: At) -> str:
        """Begin a check with the app that confirmed a login, where that asks more than the app is worth.

        Raises:
            PartyClosed, UnknownParty: documents are not checked here, or the means is closed.
            OneTimeGone, LoginElsewhere, StepOutOfOrder: no such login here that an app confirmed.
            AppClosed: the app may not be used.

        """
        self._check_offered()
        pairings = self.desk.memory.pairings
        found = await pairings.find(login, at.now)
        if found is None:
            raise OneTimeGone
        at.visitor.check_browser(found.browser)
        if found.flow is not Flow.LOGIN or found.state is not State.CONFIRMED:
            raise StepOutOfOrder
        if found.app is None or found.confirmed_at is None:
            raise StepOutOfOrder
        app = await check_app(self.desk, found.app)
        async with self.desk.account.units.begin() as unit:
            # The check takes a while, and the login goes on after it.
            await pairings.extend(unit, login, at.now + self.desk.policy.pairing_lifetime, at.now)
        names = (found.asked.service, found.asked.provider) if found.asked else ()
        return await self._begin(app, found.confirmed_at, at, names)

    async def lower(self, signed_in: SignedIn, app: AppId, now: datetime) -> None:
        """Undo a check: the app is worth what it was, and what it proved since counts no more.

        Raises:
            NotEntitled: it is no app of this account; never said whether it exists.

        """
        desk = self.desk
        account, found = await desk.account.accounts.find(signed_in.account), await desk.apps.find(app)
        if account is None or found is None or found.account != account.id:
            raise NotEntitled
        async with desk.account.units.begin() as unit:
            checked = CheckedApps(account=desk.account, apps=desk.apps)
            await checked.lower(unit, Lowering(account, app, BY_PERSON), now)

    async def device_of(self, session: ReaderSession) -> str:
        """Return what the person calls the device whose app a check is for; empty when it was stopped."""
        found = await self.desk.apps.find(About.of(session.subject).app)
        return found.name if found else ""

    async def _begin(self, app: App, since: datetime, at: At, names: tuple[Text, ...]) -> str:
        self.desk.check_means(app.means, at.now)
        account = check_open(await self.desk.account.accounts.find(app.account))
        if account.proofs_from is not None and since < account.proofs_from:
            raise AccountClosed
        place = Whereabouts(network=at.visitor.network, browser=at.browser, at=at.now)
        beginning = Beginning(
            purpose=PURPOSE,
            subject=str(About(app.account, app.id, since, names)),
            browser=at.visitor.browser_hash,
            language=at.language,
            place=place,
        )
        return await self.readers.begin(beginning, at.now)

    def _check_offered(self) -> None:
        if not self.offered:
            message = "documents are not checked here"
            raise PartyClosed(message)
