"""Misuse: somebody says "this was not me", from inside My account or, when they cannot get in, from outside.

Inside, the person chooses what stops. From outside it is not proven who says it: whoever knows a user name
and a BSN must not be able to shut somebody out (security line L02), so then everybody is logged out, and
nothing is blocked. The answer is the same whether or not there is such an account (L03).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountBlocked, AccountMisuseReported
from toegang.errors import Refusal, settle
from toegang.means.citizen.account import Account, Act
from toegang.means.citizen.desk import personal
from toegang.means.citizen.evenly import evenly
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.citizen.posting import AMSTERDAM
from toegang.means.citizen.recovering import account_of
from toegang.means.citizen.standing import end_links, withdraw_proofs, withdrawn
from toegang.post.mail import Mail
from toegang.post.mail_texts import REPORTED, MailPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import AccountId
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.recovering import Claimant
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

REPORT_LIFETIME: Final = timedelta(days=7)
OUTSIDE: Final = "outside"
PERSON: Final = "person"


class Stop(enum.StrEnum):
    """What a report stops."""

    ACCOUNT = "account"  # everything, until a new password by letter
    DEVICES = "devices"  # apps and the like, links, and every session
    SESSIONS = "sessions"  # every session


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report from inside: about which login (empty for none in particular), and what is to stop."""

    login: str = ""
    stop: Stop = Stop.ACCOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The journey of reporting."""

    desk: Desk

    async def report(self, account: AccountId, report: Report, now: datetime) -> str:
        """eIDAS-2015/1502-2.2.3: stop what the person chose, at once; return the code of the report.

        Never refused, in whatever state the account is: a locked one stays locked.
        """
        desk, code = self.desk, self.desk.ids.reference()
        before = await desk.accounts.find(account)
        if before is None:
            return code
        async with desk.units.begin() as unit:
            await self._reported(unit, before, report, code, now)
            await desk.devices.forget(unit, account)
            if report.stop is Stop.ACCOUNT:
                await self._lock(unit, before, now)
            else:
                await self._log_out(unit, before, report.stop, now)
        return code

    @evenly
    async def report_outside(self, visitor: Visitor, claimant: Claimant, now: datetime) -> str:
        """Log everybody out, if name and BSN belong together; return a code in any case.

        Raises:
            TooManyTries: too many from this network.

        """
        desk, code = self.desk, self.desk.ids.reference()
        account = await account_of(desk, claimant)
        limits = desk.policy.reports, desk.policy.reports_of_one
        async with desk.units.begin() as unit:
            refusal = await desk.tallies.count(unit, f"report:{visitor.network}", limits[0], now)
            if refusal is None and account is not None:
                tally = f"reported:{account.id}"
                if await desk.tallies.count(unit, tally, limits[1], now) is None:
                    report = Report(stop=Stop.SESSIONS)
                    await self._reported(unit, account, report, code, now, by=OUTSIDE)
                    await self._log_out(unit, account, Stop.SESSIONS, now)
        settle(refusal)
        return code

    async def _reported(  # noqa: PLR0913 what an event says
        self, unit: Unit, account: Account, report: Report, code: str, now: datetime, *, by: str = PERSON
    ) -> None:
        event = AccountMisuseReported(
            at=now,
            means=self.desk.means,
            person=personal(account),
            reference=report.login,
            report=code,
            stopped=report.stop.value,
            by=by,
        )
        await self.desk.trail.record(unit, event)
        await self._mail(unit, event)

    async def _mail(self, unit: Unit, event: AccountMisuseReported) -> None:
        """Mail the report to the operators who asked for that: never whose account it is."""
        posting = self.desk.posting
        if posting.mails is None or posting.misuse is None:
            return
        mail = Mail(
            purpose=MailPurpose.MISUSE_REPORT,
            to=posting.misuse,
            language="nl",
            values={
                "report": event.report,
                "at": event.at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M"),
                "by": REPORTED[event.by],
                "login": event.reference or "-",
                "stopped": REPORTED[event.stopped],
            },
        )
        await posting.mails.send(unit, mail, event.at + REPORT_LIFETIME, event.at)

    async def _lock(self, unit: Unit, before: Account, now: datetime) -> None:
        desk = self.desk
        after = await desk.accounts.change(unit, before.id, lambda kept: withdrawn(kept, Act.LOCK, now))
        if isinstance(after, Account):
            event = AccountBlocked(
                at=now,
                means=desk.means,
                person=personal(before),
                before=before.reach,
                after=None,
                by=PERSON,
                why="misuse",
            )
            await desk.trail.record(unit, event)
            await self._withdraw(unit, before, "misuse", now)

    async def _log_out(self, unit: Unit, before: Account, stop: Stop, now: datetime) -> None:
        desk = self.desk

        def change(kept: Account) -> Account | Refusal:
            return replace(kept, proofs_from=now)

        await desk.accounts.change(unit, before.id, change)
        await self._withdraw(unit, before, "logged-out", now)
        if stop is Stop.DEVICES:
            await desk.companions.stop_all(unit, before, "misuse", now)
            await end_links(desk, unit, before, "misuse", now)

    async def _withdraw(self, unit: Unit, before: Account, why: str, now: datetime) -> None:
        """Withdraw what the account proved, and log out whoever came by a means that is not the account's."""
        desk = self.desk
        await withdraw_proofs(desk, unit, before, why, now)
        if before.person is not None:
            notice = ProofsWithdrawn(means="", account="", person=before.person, why=why, at=now)
            await desk.outbox.put(unit, notice.message(desk.ids), now)
