"""What a desk gives to who has an account: a code for their own app, for half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone, TooManyTries, ValueRefused, settle
from toegang.means.app.meeting import Scanned
from toegang.means.app.own_apps import USABLE
from toegang.means.app.pairing import Action, Flow, Pairing
from toegang.means.app.visits import Entitled
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.opening import open_account, reopened

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.errors import Refusal
    from toegang.identity.numbers import Bsn
    from toegang.identity.people import PersonId
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.visits import Case, Officer
    from toegang.registers.population import Registered
    from toegang.units import Unit

PURPOSE: Final = "app at a desk"  # what the code is made for
CODE_LIFE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskApp:
    """An app for who has an account that works (visits.Gift)."""

    desk: AppDesk

    async def entitled(self, officer: Officer, bsn: Bsn, now: datetime) -> Entitled:
        """Return who it can be given to; refuses as Gift says."""
        self.desk.admission(now)
        account, person = await self.account_of(officer, bsn, now)
        others = await self.desk.apps.of_account(account.id)
        if sum(app.status in USABLE for app in others) >= self.desk.policy.apps_most:
            raise ValueRefused(*_wrong("desk-apps-most"))
        return Entitled(bsn=bsn, person=person, account=account.id)

    async def account_of(self, officer: Officer, bsn: Bsn, now: datetime) -> tuple[Account, PersonId]:
        """Return the account of somebody who lives and can use it, also from the end of a suspension on.

        Raises:
            ValueRefused: field `bsn`: the register knows nobody alive, or they have no such account.
            NotEntitled: it is the officer.
            Unavailable.

        """
        desk = self.desk.account
        known = await desk.population.find(bsn)
        if known is None or known.deceased_on is not None:
            raise ValueRefused(*_wrong("desk-person-unknown"))
        person = await desk.enrolment.find(bsn)
        for found in await desk.accounts.of_person(person.id) if person else ():
            account = await reopened(desk, found, now)
            if account.status is not Status.ACTIVE:
                continue
            if account.person is None or account.person == officer.person:
                message = "nobody checks themselves"
                raise NotEntitled(message)
            return account, account.person
        raise ValueRefused(*_wrong("desk-no-account"))

    async def check(self, case: Case, now: datetime) -> Registered | None:
        """Return whom the register knows when it can still be given; refuses as Gift says."""
        self.desk.admission(now)
        if case.account is not None:
            await open_account(self.desk.account, case.account, now)
        return await self.desk.account.registered(case.person)

    async def make_code(self, unit: Unit, name: str, case: Case, now: datetime) -> tuple[str, datetime]:
        """Make the code; what it opens is a session for an app."""
        del name  # the events have it
        desk, ids = self.desk, self.desk.account.ids
        code, id_, until = ids.reference(), ids.token(18), now + CODE_LIFE
        pairing = Pairing(
            flow=Flow.BY_DESK,
            browser="",
            means=desk.admission(now).id,
            language=case.language,
            until=until + desk.policy.session_lifetime,
            account=case.account,
            level=Level.LOW,
            signed_in_at=now,
        )
        await desk.memory.pairings.keep(unit, id_, pairing, pairing.until)
        await desk.memory.desk_codes.keep(unit, self._key(code), id_, until)
        return code, until

    async def redeem(self, typed: str, network: str, now: datetime) -> Scanned:
        """Take the code of a desk, once, from the app that is to be added; open a session for it.

        Raises:
            OneTimeGone: unknown, used or too old.
            TooManyTries: too many wrong ones from this network.
            PartyClosed: the means is closed now.

        """
        desk, ids, tally = self.desk, self.desk.account.ids, f"app-desk:{network}"
        wait = await desk.account.tallies.wait(tally, desk.policy.codes, now)
        if wait:
            raise TooManyTries(wait, "app-desk")
        desk.admission(now)
        session, challenge = ids.token(), ids.token()
        async with desk.account.units.begin() as unit:
            id_ = await desk.memory.desk_codes.take(unit, self._key(typed), now)
            kept = await desk.memory.pairings.hold(unit, id_, now) if id_ else None
            if id_ is None or kept is None:
                await desk.account.tallies.count(unit, tally, desk.policy.codes, now)
                after: Pairing | Refusal = OneTimeGone()
            else:
                until = now + desk.policy.session_lifetime
                after = await desk.step(
                    unit, id_, kept, Action.SCAN, now, challenge=challenge, session_until=until
                )
                await desk.memory.sessions.keep(unit, session, id_, kept.until)
        return Scanned(session=session, pairing=settle(after))

    def _key(self, typed: str) -> str:
        return self.desk.account.keys.code_hash.of(PURPOSE, "", typed).hex()


def _wrong(reason: str) -> tuple[str, str]:
    return "bsn", reason
