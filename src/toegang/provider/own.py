"""The hub's own service, My account: entered by an ordinary login, like the service of anybody else.

The catalogue names the service, its level and the client by which it is asked; there is no second way in
(issue of a session is nothing but the answer to a login).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue import gate
from toegang.catalogue.values import ClientId, MeansId, ServiceId
from toegang.errors import LoginElsewhere, LoginUnknown, OneTimeGone
from toegang.login.answer import Reply
from toegang.login.request import AskedService, LoginRequest, ReplyTo
from toegang.login.transaction import browser_hash
from toegang.means.base import Authentication

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.subject import Subject
    from toegang.ids import Ids
    from toegang.login.answer import Refused
    from toegang.login.flow import Logins
    from toegang.login.request import Outcome
    from toegang.login.transaction import Browser
    from toegang.units import Expiring, Unit, Units

PROVIDER = "own"
ENTRANCE = "/account/enter/"
REFUSED = "/account/refused"
TICKET_LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Somebody in My account: what their login proved, until when, and in which session."""

    browser: str
    session: str
    reference: str
    proven: Authentication
    level: Level
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAccount:
    """Lets people into My account, by the service and client that the catalogue has for it.

    `means` is the hub's own, whose account it is; besides it only the admissions of `kinds` open it, whose
    authenticators belong to that account. Those of `clerks` belong to no account: they open the desk alone.
    """

    service: ServiceId
    client: ClientId
    means: MeansId
    catalogue: Catalogue
    tickets: Expiring[Stay]
    stays: Expiring[Stay]
    ids: Ids
    lifetime: timedelta
    kinds: frozenset[str] = frozenset()
    clerks: frozenset[str] = frozenset()

    def ask(
        self,
        language: str,
        browser: Browser,
        now: datetime,
        anew: Level | None = None,
        *,
        highest: bool = False,
    ) -> LoginRequest:
        """Ask a login for My account, in this browser.

        `anew` is the level that a fresh login must prove, when something is to be changed (ASVS-7.5.3);
        `highest` asks a fresh login at the account's own level, while nobody knows yet whose it will be.

        Raises:
            PartyClosed, UnknownParty, NotEntitled: My account is closed now.

        """
        snapshot = self.catalogue.current
        client = gate.open_client(snapshot, self.client, now)
        service = gate.open_service(snapshot, self.service, client, now)
        organisation = gate.open_organisation(snapshot, service.organisation, now)
        level = service.level_at(now)
        return LoginRequest(
            client=client.id,
            service=AskedService.of(service, organisation, level, service.attributes),
            required=max(level, anew or level),
            max_age=0 if highest or anew is not None else None,
            silent=False,
            highest=highest,
            hurried=highest or anew is not None,
            only_means=(self.means, *self._of(self.kinds)),
            language=language,
            reply_to=ReplyTo(
                provider=PROVIDER, letter=browser_hash(browser.secret or ""), destination=ENTRANCE
            ),
        )

    def ask_kind(self, kind: str, language: str, browser: Browser, now: datetime) -> LoginRequest:
        """Ask a fresh login with one kind of means: the authenticator itself is to be changed.

        Raises:
            PartyClosed, UnknownParty, NotEntitled: My account is closed now.

        """
        return replace(self.ask(language, browser, now, Level.LOW), only_means=self._of(frozenset({kind})))

    def ask_clerk(self, level: Level, language: str, browser: Browser, now: datetime) -> LoginRequest:
        """Ask a login at `level` of who works at a desk, where a means of no account is welcome too.

        Raises:
            PartyClosed, UnknownParty, NotEntitled: My account is closed now.

        """
        asked = self.ask(language, browser, now, level)
        return replace(asked, only_means=(*asked.only_means, *self._of(self.clerks)))

    def opened_by(self, proven: Authentication) -> bool:
        """Tell whether what was proven belongs to an account, so that My account is theirs to see."""
        return proven.means in (self.means, *self._of(self.kinds))

    def _of(self, kinds: frozenset[str]) -> tuple[MeansId, ...]:
        return tuple(means.id for means in self.catalogue.current.all_means() if means.kind in kinds)

    def check_subject(self, request: LoginRequest, subject: Subject) -> None:
        """My account asks for nobody in particular (login.answer.Answerer)."""

    async def answer(self, unit: Unit, request: LoginRequest, outcome: Outcome) -> Reply:
        """Leave a ticket for the browser that logged in (login.answer.Answerer)."""
        ticket, now = self.ids.token(), outcome.completed_at
        stay = Stay(
            browser=request.reply_to.letter,
            session=outcome.session,
            reference=outcome.reference,
            proven=outcome.proven,
            level=outcome.level,
            until=now + self.lifetime,
        )
        await self.tickets.add(unit, ticket, stay, now + TICKET_LIFETIME, now)
        return Reply(location=ENTRANCE + ticket)

    async def refuse(self, unit: Unit, request: LoginRequest, refused: Refused) -> Reply:  # noqa: ARG002
        """Show why nobody came in (login.answer.Answerer)."""
        return Reply(location=REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Opens, finds and ends stays in My account; `ended` remembers which sessions were logged out of."""

    units: Units
    own: MyAccount
    logins: Logins
    ended: Expiring[str]

    async def enter(self, ticket: str, browser: str | None, now: datetime) -> str:
        """Turn a ticket, once, into the secret of a stay; only in the browser that logged in.

        A ticket brought to another browser would put somebody in an account that is not theirs
        (RFC9700-4.7).

        Raises:
            OneTimeGone: unknown, used or too old.
            LoginElsewhere: another browser; the ticket is gone all the same.

        """
        secret = self.own.ids.token()
        async with self.units.begin() as unit:
            stay = await self.own.tickets.take(unit, ticket, now)
            mine = stay is not None and compare_digest(stay.browser, browser_hash(browser or ""))
            if stay is not None and mine:
                await self.own.stays.add(unit, secret, stay, stay.until, now)
        if stay is None:
            raise OneTimeGone
        if not mine:
            raise LoginElsewhere
        return secret

    async def find(self, secret: str | None, browser: str | None, now: datetime) -> Stay:
        """Return who is in My account with this browser, at no level above the ceiling of the means now.

        Raises:
            LoginUnknown: nobody; log in.
            AccountClosed, PartyClosed: the account or its means was stopped meanwhile.

        """
        stay = await self.own.stays.find(secret, now) if secret else None
        if stay is None or not compare_digest(stay.browser, browser_hash(browser or "")):
            raise LoginUnknown
        if await self.ended.find(stay.session, now) is not None:
            raise LoginUnknown
        await self.logins.check_usable(stay.proven, now)
        ceiling = gate.open_means(self.own.catalogue.current, stay.proven.means, now).ceiling
        return stay if stay.level <= ceiling else replace(stay, level=ceiling)

    async def leave(self, secret: str | None, now: datetime) -> None:
        """End a stay; leaving twice is no error."""
        if secret:
            async with self.units.begin() as unit:
                await self.own.stays.take(unit, secret, now)
