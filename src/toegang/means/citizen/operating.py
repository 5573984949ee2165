"""What an operator does to an account of somebody else: stop it, suspend it for a while, end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from toegang.audit.events import AccountBlocked, AccountUnblocked
from toegang.errors import AccountClosed, Unavailable, settle
from toegang.identity.holds import Hold, HoldReason
from toegang.means.citizen.account import Account, Act
from toegang.means.citizen.desk import can_get_notice, personal
from toegang.means.citizen.holding import By, Lifting, SuspensionReason, lift, place
from toegang.means.citizen.posting import AMSTERDAM, Writing
from toegang.means.citizen.standing import end, withdraw_proofs, withdrawn
from toegang.post.letter import written
from toegang.post.letters_of_holds import SUSPENDED_BECAUSE
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.identity.people import PersonId
    from toegang.means.citizen.account import AccountId
    from toegang.means.citizen.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Why somebody's account is suspended, and through which day (in Amsterdam)."""

    reason: SuspensionReason
    last_day: date

    @property
    def until(self) -> datetime:
        """The moment that it is over: the midnight after its last day."""
        return datetime.combine(self.last_day + timedelta(days=1), datetime.min.time(), AMSTERDAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """The operator's use cases; `why` is a short word for the trail (`fraud`)."""

    desk: Desk

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Return the person's accounts that have not ended."""
        return await self.desk.accounts.of_person(person)

    async def block(self, account: AccountId, why: str, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: stop an account; what it proved counts no more from the commit on.

        Raises:
            AccountClosed: there is nothing to stop.

        """
        desk = self.desk
        before = await desk.accounts.find(account)
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account, lambda kept: withdrawn(kept, Act.BLOCK, now))
            if before is not None and isinstance(after, Account):
                event = AccountBlocked(
                    at=now,
                    means=desk.means,
                    person=personal(after),
                    before=before.reach,
                    after=None,
                    by="operator",
                    why=why,
                )
                await desk.trail.record(unit, event)
                await withdraw_proofs(desk, unit, after, "blocked", now)
        settle(after or AccountClosed())

    async def unblock(self, account: AccountId, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: let the person recover the account, by a letter; it stays shut till then.

        Raises:
            AccountClosed: it was not blocked.

        """
        desk = self.desk
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account, lambda kept: kept.after(Act.UNBLOCK))
            if isinstance(after, Account):
                event = AccountUnblocked(
                    at=now, means=desk.means, person=personal(after), before=None, after=None, by="operator"
                )
                await desk.trail.record(unit, event)
        settle(after or AccountClosed())

    async def suspend(self, person: PersonId, suspension: Suspension, now: datetime) -> bool:
        """eIDAS-2015/1502-2.2.3: suspend a person's accounts for a while; a letter tells them why.

        Returns whether a letter could be sent. Recovery does not lift it (L16).

        Raises:
            AccountClosed: there is no account, or it is suspended so already, or the day is past.

        """
        desk, until = self.desk, suspension.until.astimezone(now.tzinfo)
        accounts = await desk.accounts.of_person(person)
        if not accounts or until <= now:
            raise AccountClosed
        hold = Hold(
            person=person,
            reason=HoldReason.SUSPENDED,
            since=now,
            until=until,
            words=suspension.reason.value,
        )
        language = accounts[-1].language
        values = {
            "reason": SUSPENDED_BECAUSE[suspension.reason.value][language],
            "last_day": written(suspension.last_day, language),
        }
        writing = await self._writing(person, LetterPurpose.SUSPENDED_BY_US, accounts, values)
        async with desk.units.begin() as unit:
            placed = await place(desk, unit, hold, By.OPERATOR, now)
            if placed:
                await desk.posting.letter(unit, writing, now)
        if not placed:
            raise AccountClosed
        return writing.to is not None

    async def resume(self, person: PersonId, by: By, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: lift a suspension: each account is again what it was; a letter tells it.

        Raises:
            AccountClosed: it was not suspended; by time, it is suspended for longer.

        """
        desk = self.desk
        accounts = await desk.accounts.of_person(person)
        writing = await self._writing(person, LetterPurpose.RESUMED, accounts, {})
        lifting = Lifting(person=person, reason=HoldReason.SUSPENDED, by=by)
        async with desk.units.begin() as unit:
            lifted = await lift(desk, unit, lifting, now)
            if lifted and accounts:
                await desk.posting.letter(unit, writing, now)
        if not lifted:
            raise AccountClosed

    async def alive(self, person: PersonId, now: datetime) -> None:
        """GDPR-5.1.d: take back that somebody has died, where the register does not do so itself.

        Raises:
            AccountClosed: nobody said that they have.

        """
        lifting = Lifting(person=person, reason=HoldReason.DIED, by=By.OPERATOR)
        async with self.desk.units.begin() as unit:
            lifted = await lift(self.desk, unit, lifting, now)
        if not lifted:
            raise AccountClosed

    async def end(self, account: AccountId, why: str, now: datetime) -> None:
        """End an account; never refused, a second time nothing happens."""
        found = await self.desk.accounts.find(account)
        if found is None:
            return
        async with self.desk.units.begin() as unit:
            await end(self.desk, unit, found, why, now)

    async def _writing(
        self, person: PersonId, purpose: LetterPurpose, accounts: Sequence[Account], values: dict[str, str]
    ) -> Writing:
        """Return a letter to the person; to nobody when the register has no address, or does not answer."""
        try:
            found = await self.desk.registered(person)
        except Unavailable:
            found = None
        to = found if can_get_notice(found) else None
        if not accounts:
            return Writing(purpose=purpose, to=to, language="nl", values=values)
        return Writing.of(accounts[-1], purpose, to, values)
