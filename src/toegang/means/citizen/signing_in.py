"""Signing in: name and password, then (for level low) a code by text message.

    password -> DONE                    level basis was asked
             -> CODE -> DONE            level low was asked
             -> NUMBER -> CODE -> DONE  level low was asked of an account without a telephone number
             -> ACTIVATION -> ...       the account waits for the code from its letter

One means with two methods; which one is needed follows from the level that the login asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.audit.events import SignInFailure
from toegang.errors import (
    CredentialsWrong,
    LoginUnknown,
    Refusal,
    StepOutOfOrder,
)
from toegang.means.citizen import activation, attempts, first_number, second_factor
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.attempts import Attempt, Credentials
from toegang.means.citizen.evenly import evenly
from toegang.means.citizen.holding import died, refusal_of
from toegang.means.citizen.opening import reopened
from toegang.means.citizen.progress import Progress, go_on
from toegang.means.citizen.records import Proven, SignIn, Stage
from toegang.means.citizen.standing import seen_alive

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.identity.subject import Subject
    from toegang.means.base import TransactionId
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIn:
    """The journey of signing in; every step is bound to the login's browser.

    A step returns the `SignIn` whose `stage` says which page is next, or `Proven` when it is done.
    """

    desk: Desk

    async def find(self, login: TransactionId, visitor: Visitor, now: datetime) -> SignIn:
        """Return the sign-in under way, for its pages.

        Raises:
            LoginUnknown: none, or it took too long.
            LoginElsewhere: another browser.

        """
        sign_in = await self.desk.memory.sign_ins.find(login, now)
        if sign_in is None:
            raise LoginUnknown
        visitor.check_browser(sign_in.browser)
        return sign_in

    @evenly
    async def password(
        self, login: TransactionId, visitor: Visitor, typed: Credentials, now: datetime
    ) -> Proven | SignIn:
        """Prove the name and the password; same answer, same work, whether or not anybody has the name.

        1. the step is this browser's and not over; 2. the try is counted; 3. one hash is verified, of
        nobody's password when nobody has the name; 4. the register is asked, once a day, whether the
        person is alive; 5. all that follows is written in one unit.

        Raises:
            CredentialsWrong: name or password, never said which; or a step up by somebody else.
            TooManyTries: wait.
            AccountClosed: the credentials are right, but the account is stopped.
            Unavailable: too many people log in at once.

        """
        desk = self.desk
        # 1.
        sign_in = await self.find(login, visitor, now)
        if sign_in.stage is Stage.DONE:
            raise StepOutOfOrder
        # 2.
        made = await attempts.attempt(desk, visitor, sign_in.reference, typed, now)
        await attempts.count(desk, made, now)
        # 3.
        account = made.account
        fits = await desk.hasher.verify(account.password if account else None, typed.password)
        if not fits or account is None or not _may_answer(desk, sign_in, made, account):
            raise await attempts.failed(desk, made, now)
        account = await reopened(desk, account, now)
        # 4.
        rehashed = await self._rehashed(account, typed.password)
        alive = await seen_alive(desk, account, now)
        # 5.
        async with desk.units.begin() as unit:
            verified = _Verified(made, account, rehashed, alive)
            result = await self._passed(unit, login, verified, now)
        if isinstance(result, Refusal):
            raise result
        return result

    @evenly
    async def activate(
        self, login: TransactionId, visitor: Visitor, typed: str, now: datetime
    ) -> Proven | SignIn:
        """eIDAS-2015/1502-2.2.2: activate the account with the code from the letter, and go on.

        Raises:
            CredentialsWrong: another code stands in the letter.
            OneTimeGone: it was used, has expired or was guessed at too often; apply again.
            StepOutOfOrder: no activation code is asked now.

        """
        sign_in = await self.find(login, visitor, now)
        return await activation.activate(self.desk, Progress(login, sign_in, visitor), typed, now)

    async def waiting_number(self, sign_in: SignIn, now: datetime) -> str:
        """Return the last digits of a first number that waits for the code of its letter; empty for none."""
        account = await self.desk.accounts.find(sign_in.account) if sign_in.account else None
        kept = await first_number.waiting(self.desk, account, now) if account else None
        return kept.number_ending if kept else ""

    async def add_number(
        self, login: TransactionId, visitor: Visitor, typed: str, now: datetime
    ) -> Proven | SignIn:
        """NIST-SP800-63B-4.1.2: let a first number count, with the code of its letter, and go on.

        Raises:
            CredentialsWrong: another code stands in the letter.
            OneTimeGone: no number waits, or the code has expired or was guessed at too often.
            StepOutOfOrder: no such code is asked now.

        """
        sign_in = await self.find(login, visitor, now)
        return await second_factor.add_number(self.desk, Progress(login, sign_in, visitor), typed, now)

    async def sms_code(self, login: TransactionId, visitor: Visitor, typed: str, now: datetime) -> Proven:
        """NIST-SP800-63B-3.1.3: prove the telephone with the code; each guess counts, one code fits once.

        Raises:
            CredentialsWrong: another code was sent.
            OneTimeGone: it was used, has expired or was guessed at too often.
            TooManyTries: too many codes of this account were wrong.
            AccountClosed: the account was stopped meanwhile.
            StepOutOfOrder: no code is asked now.

        """
        sign_in = await self.find(login, visitor, now)
        return await second_factor.check(self.desk, Progress(login, sign_in, visitor), typed, now)

    async def resend(self, login: TransactionId, visitor: Visitor, now: datetime) -> SignIn:
        """Send another code; tries that were used stay used (security line L04).

        Raises:
            TooManyTries: wait, or too many were sent.
            StepOutOfOrder: no code is asked now.

        """
        sign_in = await self.find(login, visitor, now)
        return await second_factor.resend(self.desk, Progress(login, sign_in, visitor), now)

    async def _rehashed(self, account: Account, password: str) -> str | None:
        """Bring the hash to the newest pepper and cost, now that the password is here."""
        stored = account.password
        if stored is None or not self.desk.hasher.is_outdated(stored):
            return stored
        return await self.desk.hasher.hash(password)

    async def _passed(
        self, unit: Unit, login: TransactionId, verified: _Verified, now: datetime
    ) -> Proven | SignIn | Refusal:
        desk, made = self.desk, verified.attempt
        await desk.tallies.clear(unit, made.tally, now)
        account = await desk.accounts.change(unit, verified.account.id, verified.noted)
        if account is None or isinstance(account, Refusal):
            return account or CredentialsWrong()
        if verified.alive is None:
            return await died(desk, unit, account, now)
        if account.status not in {Status.ACTIVE, Status.REQUESTED}:
            await attempts.record(desk, unit, made, SignInFailure.CLOSED, now)
            return await refusal_of(desk, account)
        sign_in = await desk.memory.sign_ins.change(unit, login, now, _with_password(account, now))
        if sign_in is None or isinstance(sign_in, Refusal):
            return sign_in or LoginUnknown()
        return await go_on(desk, unit, Progress(login, sign_in, made.visitor), account, now)


@dataclass(frozen=True, slots=True)
class _Verified:
    """An account whose password was right, as read before the unit; `rehashed` is what to keep of it.

    `alive` is the account after asking the register, None when the person has died.
    """

    attempt: Attempt
    account: Account
    rehashed: str | None
    alive: Account | None

    def noted(self, kept: Account) -> Account | Refusal:
        """Note what was learnt, if the password is still the one that was verified."""
        verified = (self.account.password or "").encode()
        if kept.status is Status.ENDED or not compare_digest((kept.password or "").encode(), verified):
            return CredentialsWrong()
        checked = self.alive.checked_at if self.alive else kept.checked_at
        return replace(kept, password=self.rehashed, checked_at=checked)


def _may_answer(desk: Desk, sign_in: SignIn, made: Attempt, account: Account) -> bool:
    return not attempts.is_capped(desk, made, account) and is_same(sign_in.known_subject, account)


def is_same(known: Subject | None, account: Account) -> bool:
    """Tell whether the account is of who is known already in this login; nobody else may step up."""
    if known is None:
        return True
    if known.person is not None:
        return known.person == account.person
    return known.identifier == str(account.id)


def _with_password(account: Account, now: datetime) -> Callable[[SignIn], SignIn | Refusal]:
    def change(kept: SignIn) -> SignIn | Refusal:
        if kept.stage is Stage.DONE:
            return StepOutOfOrder()
        # A code of another account must not become this one's.
        code = kept.code if kept.account == account.id else None
        return replace(kept, account=account.id, password_at=now, code=code)

    return change
