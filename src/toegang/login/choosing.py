"""The step in which a person says for whom they log in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from toegang import log
from toegang.errors import AccountClosed, PartyClosed, StepOutOfOrder, UnknownParty
from toegang.login import changes
from toegang.login.acting import Acting
from toegang.login.authorities import SUGGESTED, Choices
from toegang.login.steps import ChooseRepresented, next_step
from toegang.login.transaction import check_browser
from toegang.mandates.bounds import LOOKING, NUMBERS, SUGGESTING, Bound
from toegang.mandates.party import PartyId
from toegang.mandates.searching import FEWEST, folded

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.errors import Refusal
    from toegang.ids import Ids
    from toegang.login.advancing import Advancing
    from toegang.login.authorities import Authorities, Number
    from toegang.login.ending import End
    from toegang.login.transaction import Browser, Transaction
    from toegang.login.usable import Usable
    from toegang.mandates.bounds import Bounds
    from toegang.means.base import TransactionId

ONCE: Final = Bound(most=1, period=SUGGESTING.period)
"""Lines of the log that say that one person has names suggested too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Takes the choice; `authorities` decides whether it may be."""

    authorities: Authorities
    advancing: Advancing
    usable: Usable
    bounds: Bounds
    ids: Ids

    async def themselves(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction | End:
        """Log in for oneself.

        Raises:
            StepOutOfOrder: it is not asked now, or the service asks for somebody else.

        """
        return await self._choose(login, browser, now, Acting(answered=True))

    async def another(
        self, at: Transaction, principal: PartyId, browser: Browser, now: datetime
    ) -> Transaction | End:
        """Log in for somebody else; whoever they name, it is decided here whether they may.

        Raises:
            StepOutOfOrder: it is not asked now.
            NotEntitled: they may not act for this one; the same for whoever does not exist.
            LevelNotProven: the login is too low.

        """
        acting = await self.authorities.check(at, principal, now)
        return await self._choose(at.id, browser, now, acting)

    async def numbered(
        self, at: Transaction, number: Number, browser: Browser, now: datetime
    ) -> Transaction | End:
        """Log in for who has a number, as `another`; those that come to nothing are counted.

        Of a number that is nobody's the same is asked as of somebody's, so that time tells nothing (L03).

        Raises:
            TooManyTries: too many came to nothing lately.

        """
        what = f"login-number:{_who(at)}"
        async with self.advancing.units.begin() as unit:
            refusal = await self.bounds.count(unit, what, NUMBERS, now)
        if refusal is not None:
            raise refusal
        principal = await self.authorities.find(number) or PartyId(self.ids.uuid())
        done = await self.another(at, principal, browser, now)
        async with self.advancing.units.begin() as unit:
            await self.bounds.give_back(unit, what, now)
        return done

    async def check_looking(self, at: Transaction, now: datetime) -> None:
        """Count a page of those whom somebody looks for by name; at another step of the login none is shown.

        Raises:
            TooManyTries: too often lately.

        """
        if not isinstance(next_step(at, now), ChooseRepresented):
            return
        async with self.advancing.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"login-looks:{_who(at)}", LOOKING, now)
        if refusal is not None:
            raise refusal

    async def suggested(self, login: TransactionId, words: str, browser: Browser, now: datetime) -> Choices:
        """Return the first few whom a search by name would find; of too few letters nobody.

        Raises:
            StepOutOfOrder: it is not asked now for whom they log in.
            TooManyTries: too often lately; said once in a period in the log.

        """
        at = await self.advancing.transactions.find(login, now)
        if at is None:
            raise await self.advancing.gone(login)
        check_browser(at, browser)
        if not isinstance(next_step(at, now), ChooseRepresented):
            raise StepOutOfOrder
        if len(folded(words)) < FEWEST:
            return Choices()
        who = _who(at)
        async with self.advancing.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"login-names:{who}", SUGGESTING, now)
            again = refusal and await self.bounds.count(unit, f"login-names-over:{who}", ONCE, now)
        if refusal is None:
            return await self.authorities.named(at, words, SUGGESTED, now)
        if again is None:
            log.event("login:suggested-too-often", reference=at.reference)
        raise refusal

    async def again(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction | End:
        """Go back to the choice, for as long as nothing was agreed to.

        Raises:
            StepOutOfOrder: it cannot be chosen any more.

        """
        return await self._choose(login, browser, now, Acting(open=True))

    async def another_means(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction:
        """Go back to the choice of a means; whoever was logged in before counts for nothing in this login.

        Raises:
            StepOutOfOrder: for whom is not asked now, or one can log in for oneself.

        """
        done = await self.advancing.advance(login, browser, now, changes.by_another_means)
        return cast("Transaction", done)  # nothing is proven any more, so nothing can be answered

    async def climb(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction:
        """Log in at a higher level first, to be able to act for somebody else.

        Raises:
            StepOutOfOrder: no higher level is asked for, or no means reaches it.

        """
        return cast("Transaction", await self.advancing.advance(login, browser, now, changes.climbing))

    async def _choose(
        self, login: TransactionId, browser: Browser, now: datetime, acting: Acting
    ) -> Transaction | End:
        # Somebody may have read this page for long: what was proven must still hold (O15).
        held = await self.advancing.transactions.find(login, now)
        if held is None:
            raise await self.advancing.gone(login)
        check_browser(held, browser)
        try:
            await self.usable.check_all(held.proofs, now)
        except (AccountClosed, PartyClosed, UnknownParty) as refusal:
            return await self.advancing.refuse(login, refusal.code, now)

        def chosen(transaction: Transaction) -> Transaction | Refusal:
            return changes.for_whom(transaction, acting)

        return await self.advancing.advance(login, browser, now, chosen)


def _who(at: Transaction) -> str:
    """Return for whom it is counted: the person over all their logins, where they are known."""
    subject = at.known_subject
    return str(subject.person if subject else at.id)
