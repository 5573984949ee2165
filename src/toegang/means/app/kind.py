"""The app as a login means."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.errors import AccountClosed, AppClosed, LevelUnreachable, Misconfigured
from toegang.means.app.desk import OVER
from toegang.means.app.pairing import Asked, Flow, Pairing
from toegang.means.app.standing import check_active
from toegang.means.app.values import AppId, AppStatus
from toegang.means.base import Go
from toegang.means.citizen.account import Status
from toegang.means.citizen.kind import account_id
from toegang.means.citizen.standing import check_open
from toegang.units import AlreadyKept

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.subject import Subject
    from toegang.means.app.desk import AppDesk
    from toegang.means.base import Ask, Authentication

PAGES = "/means/app"


def check_admission(admission: AdmittedMeans) -> None:
    """eIDAS-2015/1502-2.2.1: refuse an admission for more than an app can ever be worth.

    Raises:
        Misconfigured: its ceiling is above substantial.

    """
    if admission.ceiling > Level.SUBSTANTIAL:
        message = "the ceiling of an app is at most `substantial`; lower `ceiling`"
        raise Misconfigured(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMeans:
    """A device and a PIN, of an account that is checked at every use; substantial with a document checked."""

    desk: AppDesk

    def reach(self, admission: AdmittedMeans) -> Level:  # noqa: ARG002 every admission reaches the same
        """eIDAS-2015/1502-2.2.1: with two factors the app reaches low, with a document checked substantial.

        Whose app was not checked yet can have that done on the way.
        """
        return self.desk.highest

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Remember what is asked under the login's id, and send the browser to the page of the app.

        Who comes back to the login meanwhile finds the page as it was.

        Raises:
            LevelUnreachable: more is asked than any app reaches here.

        """
        if ask.required > self.desk.highest:
            raise LevelUnreachable
        pairings, until = self.desk.memory.pairings, now + self.desk.policy.pairing_lifetime
        pairing = _pairing(ask, until)
        try:
            # Nearly always there is none: so nothing is asked before it is written.
            async with self.desk.account.units.begin() as unit:
                await pairings.claim(unit, ask.transaction, pairing, until)
        except AlreadyKept:
            kept = await pairings.find(ask.transaction, now)
            if kept is None or kept.state in OVER or not _is_for(kept, ask):
                async with self.desk.account.units.begin() as unit:
                    await pairings.keep(unit, ask.transaction, pairing, until)
        return Go(location=f"{PAGES}/{ask.transaction}")

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:  # noqa: ARG002 all pages are ours
        """Return nothing: its pages are ours."""
        return ()

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:
        """Tell whether the person has an app that can be used."""
        if subject.person is None:
            return False
        for account in await self.desk.account.accounts.of_person(subject.person):
            apps = await self.desk.apps.of_account(account.id)
            if account.status is Status.ACTIVE and any(
                app.status is AppStatus.ACTIVE and app.means == admission.id for app in apps
            ):
                return True
        return False

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002 validity has no end date
        """eIDAS-2015/1502-2.3.1: refuse what an app proved that was stopped since, or whose account was.

        Raises:
            AccountClosed: it may no longer be used.

        """
        try:
            app, owner = await self.desk.apps.find_owned(AppId(UUID(proven.authenticator)))
        except ValueError:
            app, owner = None, None
        named = account_id(proven)
        if owner is None or owner.id != named:
            owner = await self.desk.account.accounts.find(named)
        account = check_open(owner)
        if account.proofs_from is not None and proven.at < account.proofs_from:
            raise AccountClosed
        try:
            app = check_active(app)
        except AppClosed:
            message = "the app was stopped"
            raise AccountClosed(message) from None
        if app.account != account.id or proven.level > app.level:
            # Its person undid the check of a document since.
            raise AccountClosed


def _pairing(ask: Ask, until: datetime) -> Pairing:
    return Pairing(
        flow=Flow.LOGIN,
        browser=ask.browser,
        means=ask.admission.id,
        language=ask.language,
        until=until,
        asked=Asked(
            reference=ask.reference,
            required=ask.required,
            provider=ask.provider,
            service=ask.service,
            known_subject=ask.known_subject,
        ),
    )


def _is_for(kept: Pairing, ask: Ask) -> bool:
    """Tell whether what is under way is this very question of this very browser."""
    asked = kept.asked
    same = hmac.compare_digest(kept.browser, ask.browser) and kept.means == ask.admission.id
    return (
        same
        and asked is not None
        and (asked.required, asked.known_subject) == (ask.required, ask.known_subject)
    )
