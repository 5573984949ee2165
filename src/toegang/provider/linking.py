"""Linking from My account: a login at another party, asked by the hub itself, whose outcome is a proposal.

The person is inside My account by a fresh login of their own (web/staying.py); what the other party proves
comes back as a proposal, which they accept or leave. So both halves were proven within one sitting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue.values import IdentityForm, MeansId, SingleSignOn
from toegang.errors import LoginElsewhere, NotLinked, OneTimeGone, Refusal, settle
from toegang.login.answer import Reply
from toegang.login.request import ReplyTo
from toegang.login.transaction import browser_hash
from toegang.means.base import Authentication

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.subject import Subject
    from toegang.ids import Ids
    from toegang.login.answer import Refused
    from toegang.login.request import LoginRequest, Outcome
    from toegang.login.transaction import Browser
    from toegang.means.external.linking import Link, Linking, Vouched
    from toegang.provider.own import MyAccount
    from toegang.units import Expiring, Unit, Units

PROVIDER = "linking"
PROPOSED = "/account/links/confirm/"
REFUSED = "/account/links/refused"
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An account elsewhere that was proven a moment ago, in this browser, to be linked."""

    browser: str
    proven: Authentication


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkProposals:
    """Asks logins of accounts that are to be linked, and links them (login.answer.Answerer)."""

    own: MyAccount
    catalogue: Catalogue
    linking: Linking
    proposals: Expiring[Proposal]
    units: Units
    ids: Ids

    def linkable(self, now: datetime) -> tuple[MeansId, ...]:
        """Return the means that people may link now, in the order of their names in Dutch."""
        found = [means for means in self.catalogue.current.all_means() if means.linkable]
        opened = [means for means in found if self._is_open(means.id, now)]
        return tuple(means.id for means in sorted(opened, key=lambda each: each.names.nl.casefold()))

    def ask(self, means: MeansId, language: str, browser: Browser, now: datetime) -> LoginRequest:
        """Ask a fresh login with the means that is to be linked.

        Raises:
            NotLinked: it cannot be linked now.

        """
        if means not in self.linkable(now):
            raise NotLinked
        asked = self.own.ask(language, browser, now)
        service = replace(
            asked.service,
            identity=IdentityForm.PSEUDONYM,
            attributes=(),
            single_sign_on=SingleSignOn(),
            confirm=False,
        )
        letter = browser_hash(browser.secret or "")
        reply_to = ReplyTo(provider=PROVIDER, letter=letter, destination=PROPOSED)
        return replace(asked, service=service, max_age=0, only_means=(means,), reply_to=reply_to)

    def check_subject(self, request: LoginRequest, subject: Subject) -> None:
        """Ask for nobody in particular (login.answer.Answerer)."""

    async def answer(self, unit: Unit, request: LoginRequest, outcome: Outcome) -> Reply:
        """Leave a proposal for the browser that logged in (login.answer.Answerer)."""
        name, now = self.ids.token(), outcome.completed_at
        proposal = Proposal(browser=request.reply_to.letter, proven=outcome.proven)
        await self.proposals.add(unit, name, proposal, now + LIFETIME, now)
        return Reply(location=PROPOSED + name)

    async def refuse(self, unit: Unit, request: LoginRequest, refused: Refused) -> Reply:  # noqa: ARG002
        """Say that nothing was proven (login.answer.Answerer)."""
        return Reply(location=REFUSED)

    async def find(self, name: str, browser: Browser, now: datetime) -> Proposal:
        """Return a proposal, for the page that shows it.

        Raises:
            OneTimeGone: unknown, accepted or too old.
            LoginElsewhere: another browser.

        """
        found = await self.proposals.find(name, now)
        if found is None:
            raise OneTimeGone
        if not compare_digest(found.browser, browser_hash(browser.secret or "")):
            raise LoginElsewhere
        return found

    async def accept(self, name: str, browser: Browser, vouched: Vouched | None, now: datetime) -> Link:
        """Link the account of a proposal, once, to the person who is inside, by their login.

        Raises:
            OneTimeGone, LoginElsewhere: as `find`.
            PartyClosed: the means was closed meanwhile.
            NotLinked: nobody is inside whom we know, or the means may no longer be linked.
            AccountClosed: the account was stopped, or logged out, in this very moment.
            LinkedElsewhere: the account is, or was, a means of somebody else.

        """
        proposal = await self.find(name, browser, now)
        snapshot = self.catalogue.current
        gate.check_linkable(gate.open_means(snapshot, proposal.proven.means, now))
        if vouched is None:
            raise NotLinked
        level = min(vouched.level, gate.open_means(snapshot, self.own.means, now).ceiling)
        made: Link | Refusal = OneTimeGone()
        async with self.units.begin() as unit:
            if await self.proposals.take(unit, name, now) is not None:
                made = await self.linking.make(unit, replace(vouched, level=level), proposal.proven, now)
        return settle(made)

    def _is_open(self, means: MeansId, now: datetime) -> bool:
        try:
            gate.open_means(self.catalogue.current, means, now)
        except Refusal:
            return False
        return True
