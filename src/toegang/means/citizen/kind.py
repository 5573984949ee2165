"""The citizen account as a login means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.errors import AccountClosed, LevelUnreachable, settle
from toegang.means.base import Factor, Go
from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.progress import Progress, text_code
from toegang.means.citizen.records import SignIn, Stage
from toegang.means.citizen.signing_in import is_same
from toegang.means.citizen.standing import check_open
from toegang.means.citizen.visitor import Visitor

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.subject import Subject
    from toegang.means.base import Ask, Authentication
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk

PAGES = "/means/citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenMeans:
    """One means with two methods: a password (basis), and with a code by text message (low)."""

    desk: Desk

    def reach(self, admission: AdmittedMeans) -> Level:  # noqa: ARG002 every admission reaches the same
        """eIDAS-2015/1502-2.2.1: with two factors the account reaches low."""
        return Level.LOW

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Remember what is asked under the login's id, and send the browser to the first page.

        A step up goes straight to the code when the password of the same account was proven a short
        while ago to this same browser: in this login, or in one that single sign-on builds on (L17).

        Raises:
            LevelUnreachable: more than low is asked.

        """
        if ask.required > Level.LOW:
            raise LevelUnreachable
        earlier = await self.desk.memory.sign_ins.find(ask.transaction, now)
        account = await self._step_up(ask, earlier, now)
        if account is not None and earlier is not None and earlier.password_at is not None:
            return await self._ask_code(ask, earlier.password_at, account, now)
        account = await self._built_on(ask, now) if earlier is None else None
        if account is not None and ask.earlier is not None:
            return await self._ask_code(ask, ask.earlier.at, account, now)
        sign_in = self._fresh(ask, now)
        async with self.desk.units.begin() as unit:
            await self.desk.memory.sign_ins.take(unit, ask.transaction, now)
            await self.desk.memory.sign_ins.add(unit, ask.transaction, sign_in, sign_in.until, now)
        return Go(location=f"{PAGES}/{ask.transaction}/password")

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:  # noqa: ARG002 all pages are ours
        """Return nothing: its pages are ours."""
        return ()

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:  # noqa: ARG002 one admission
        """Tell whether the person has an account that can be used."""
        if subject.person is None:
            return False
        found = await self.desk.accounts.of_person(subject.person)
        return any(account.status is Status.ACTIVE for account in found)

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002 validity has no end date
        """eIDAS-2015/1502-2.3.1: refuse what an account proved that was stopped or proven anew since.

        Raises:
            AccountClosed: it may no longer be used.

        """
        account = check_open(await self.desk.accounts.find(account_id(proven)))
        if account.proofs_from is not None and proven.at < account.proofs_from:
            raise AccountClosed

    async def _step_up(self, ask: Ask, earlier: SignIn | None, now: datetime) -> Account | None:
        """Find the account that this login proved the password of, when that may be built on."""
        if earlier is None or earlier.account is None or earlier.password_at is None:
            return None
        if ask.known_subject is None or ask.required <= Level.BASIC or earlier.stage is not Stage.DONE:
            return None
        same_browser = compare_digest(earlier.browser, ask.browser)
        if not same_browser or now - earlier.password_at > self.desk.policy.step_up_age:
            return None
        account = check_open(await self.desk.accounts.find(earlier.account))
        return account if is_same(ask.known_subject, account) else None

    async def _built_on(self, ask: Ask, now: datetime) -> Account | None:
        """Find the account whose password an earlier login of this browser proved, when it is recent."""
        proven = ask.earlier
        if proven is None or ask.known_subject is None or ask.required <= Level.BASIC:
            return None
        if Factor.PASSWORD not in proven.factors or now - proven.at > self.desk.policy.step_up_age:
            return None
        await self.check_usable(proven, now)
        account = check_open(await self.desk.accounts.find(account_id(proven)))
        return account if is_same(ask.known_subject, account) else None

    async def _ask_code(self, ask: Ask, password_at: datetime, account: Account, now: datetime) -> Go:
        sign_in = replace(
            self._fresh(ask, now), stage=Stage.CODE, account=account.id, password_at=password_at
        )
        progress = Progress(ask.transaction, sign_in, Visitor(browser=None, network=""))
        async with self.desk.units.begin() as unit:
            await self.desk.memory.sign_ins.take(unit, ask.transaction, now)
            await self.desk.memory.sign_ins.add(unit, ask.transaction, sign_in, sign_in.until, now)
            result = await text_code(self.desk, unit, progress, account, now)
        return Go(location=f"{PAGES}/{ask.transaction}/{settle(result).stage.value}")

    def _fresh(self, ask: Ask, now: datetime) -> SignIn:
        return SignIn(
            browser=ask.browser,
            means=ask.admission.id,
            required=ask.required,
            provider=ask.provider,
            service=ask.service,
            language=ask.language,
            reference=ask.reference,
            highest=ask.highest,
            until=now + self.desk.policy.sign_in_lifetime,
            known_subject=ask.known_subject,
        )


def account_id(proven: Authentication) -> AccountId:
    """Return the account of an authentication by this means.

    Raises:
        AccountClosed: it names no account of ours.

    """
    try:
        return AccountId(UUID(proven.subject.identifier))
    except ValueError:
        raise AccountClosed from None
