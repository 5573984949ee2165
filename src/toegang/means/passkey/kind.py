"""Passkeys as a login means."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import AccountClosed, LevelUnreachable, PartyClosed, PasskeyRefused, UnknownParty
from toegang.means.base import Go
from toegang.means.citizen.account import Status
from toegang.means.citizen.kind import account_id
from toegang.means.citizen.standing import check_open
from toegang.means.passkey.desk import Asked
from toegang.means.passkey.policy import Worth
from toegang.means.passkey.standing import check_passkey
from toegang.means.passkey.values import PasskeyId

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.subject import Subject
    from toegang.means.base import Ask, Authentication
    from toegang.means.passkey.desk import PasskeyDesk

PAGES = "/means/passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyMeans:
    """A key on a device that verifies its person, of an account that is checked at every use."""

    desk: PasskeyDesk

    def reach(self, admission: AdmittedMeans) -> Level:
        """eIDAS-2015/1502-2.2.1: what the tightest bond is worth that is admitted."""
        return Worth.of(admission).highest

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Remember what is asked under the login's id, and send the browser to the page of passkeys.

        Raises:
            LevelUnreachable: more than any passkey is worth is asked.

        """
        if ask.required > self.reach(ask.admission):
            raise LevelUnreachable
        asked = Asked(
            browser=ask.browser,
            means=ask.admission.id,
            required=ask.required,
            provider=ask.provider,
            service=ask.service,
            reference=ask.reference,
            until=now + self.desk.policy.login_lifetime,
            known_subject=ask.known_subject,
        )
        kept = await self.desk.memory.asked.find(ask.transaction, now)
        if kept is None or not _is_same(kept, asked):
            async with self.desk.account.units.begin() as unit:
                await self.desk.memory.challenges.take(unit, ask.transaction, now)
                await self.desk.memory.asked.keep(unit, ask.transaction, asked, asked.until)
        return Go(location=f"{PAGES}/{ask.transaction}")

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:  # noqa: ARG002 all pages are ours
        """Return nothing: its pages are ours."""
        return ()

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:
        """Tell whether the person has a passkey that can be used."""
        if subject.person is None:
            return False
        for account in await self.desk.account.accounts.of_person(subject.person):
            found = await self.desk.passkeys.of_account(account.id)
            usable = any(each.refusal is None and each.means == admission.id for each in found)
            if account.status is Status.ACTIVE and usable:
                return True
        return False

    async def check_usable(self, proven: Authentication, now: datetime) -> None:
        """eIDAS-2015/1502-2.3.1: refuse what a passkey proved that was stopped, or is worth less since.

        Raises:
            AccountClosed: it may no longer be used.

        """
        account = check_open(await self.desk.account.accounts.find(account_id(proven)))
        if account.proofs_from is not None and proven.at < account.proofs_from:
            raise AccountClosed
        try:
            passkey = await check_passkey(self.desk, PasskeyId(UUID(proven.authenticator)))
            level = self.desk.level_of(passkey, now)
        except (PasskeyRefused, PartyClosed, UnknownParty, ValueError):
            message = "the passkey was stopped"
            raise AccountClosed(message) from None
        if passkey.account != account.id or level is None or level < proven.level:
            message = "the passkey is another account's, or is worth less than it was"
            raise AccountClosed(message)


def _is_same(kept: Asked, asked: Asked) -> bool:
    """Tell whether what is under way is this very question of this very browser."""
    same = hmac.compare_digest(kept.browser, asked.browser) and kept.means == asked.means
    return same and (kept.required, kept.known_subject) == (asked.required, asked.known_subject)
