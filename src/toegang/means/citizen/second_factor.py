"""The code by text message, in a sign-in: guessed at most so often, good for one login in one browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.events import SignInFailure
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LoginUnknown,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    TooManyTries,
    settle,
)
from toegang.means.base import TransactionId
from toegang.means.citizen import attempts, first_number
from toegang.means.citizen.attempts import Attempt
from toegang.means.citizen.progress import Progress, code_subject, finish, go_on, text_code
from toegang.means.citizen.records import SignIn, Stage
from toegang.means.citizen.standing import check_open
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.records import Proven
    from toegang.units import Unit

_WHY = {TooManyTries: SignInFailure.THROTTLED, OneTimeGone: SignInFailure.CODE_EXPIRED}


async def check(desk: Desk, progress: Progress, typed: str, now: datetime) -> Proven:
    """Look at one guess.

    1. it is counted for the account, strangers and each known device apart; 2. it is counted for this
    code, in one atomic change; 3. a wrong one is counted as a failure of the account; 4. a right one
    ends the sign-in. All in one unit, of which a refusal keeps every count.
    """
    account = await _account(desk, progress.sign_in, Stage.CODE)
    name = account.name or b""
    device = await attempts.known_device(desk, name, progress.visitor, now)
    made = Attempt(
        visitor=progress.visitor,
        reference=progress.sign_in.reference,
        name=name,
        password="",
        device=device,
        account=account,
    )
    hashed = desk.keys.code_hash.of(SmsPurpose.LOGIN_CODE, code_subject(progress.login, account), typed)
    async with desk.units.begin() as unit:
        guessed = await _guess(desk, unit, _Guess(progress.login, made, hashed), now)
        if isinstance(guessed, Refusal):
            await attempts.record(desk, unit, made, _WHY.get(type(guessed), SignInFailure.CODE), now)
            result: Proven | Refusal = guessed
        else:
            result = await _fitted(desk, unit, replace(progress, sign_in=guessed), made, now)
    return settle(result)


async def add_number(desk: Desk, progress: Progress, typed: str, now: datetime) -> Proven | SignIn:
    """Look at one guess at the code of the letter; when it fits, send a code to the number."""
    account = await _account(desk, progress.sign_in, Stage.NUMBER)
    made = Attempt(
        visitor=progress.visitor,
        reference=progress.sign_in.reference,
        name=account.name or b"",
        password="",
        device=None,
        account=account,
    )
    async with desk.units.begin() as unit:
        added = await first_number.add(desk, unit, account, typed, now)
        if isinstance(added, Refusal):
            await attempts.record(desk, unit, made, SignInFailure.CODE, now)
            result: Proven | SignIn | Refusal = added
        else:
            result = await go_on(desk, unit, progress, added, now)
    if isinstance(result, Refusal):
        raise result
    return result


async def resend(desk: Desk, progress: Progress, now: datetime) -> SignIn:
    """Send another code in place of the one under way, which works no more."""
    account = await _account(desk, progress.sign_in, Stage.CODE)
    async with desk.units.begin() as unit:
        result = await text_code(desk, unit, progress, account, now)
    return settle(result)


@dataclass(frozen=True, slots=True)
class _Guess:
    """One guess at the code of a login."""

    login: TransactionId
    made: Attempt
    hashed: bytes

    @property
    def tally(self) -> str:
        """Where wrong codes of the account are counted, over all its logins."""
        return f"sms-code:{self.made.tally}"

    def on(self, kept: SignIn, now: datetime) -> SignIn | Refusal:
        """Guess: the sign-in with one try less, its code marked when it fitted."""
        if kept.stage is not Stage.CODE or kept.code is None:
            return StepOutOfOrder()
        tried = kept.code.tried(self.hashed, now)
        return tried if isinstance(tried, Refusal) else replace(kept, code=tried)


async def _guess(desk: Desk, unit: Unit, guess: _Guess, now: datetime) -> SignIn | Refusal:
    refusal = await desk.tallies.count(unit, guess.tally, desk.policy.sms_failures, now)
    if refusal is not None:
        return refusal
    guessed = await desk.memory.sign_ins.change(unit, guess.login, now, lambda kept: guess.on(kept, now))
    if guessed is None or isinstance(guessed, Refusal):
        return guessed or LoginUnknown()
    if guessed.code is None or not guessed.code.fitted:
        await attempts.count_failure(desk, unit, guess.made, now)
        return CredentialsWrong()
    await desk.tallies.clear(unit, guess.tally, now)
    return guessed


async def _fitted(
    desk: Desk, unit: Unit, progress: Progress, made: Attempt, now: datetime
) -> Proven | Refusal:
    account = made.account
    number = desk.number_of(account) if account else None
    if account is None or number is None:
        return AccountClosed("no number any more")
    await desk.posting.sms.budget.used(unit, number, now)
    return await finish(desk, unit, progress, account, now)


async def _account(desk: Desk, sign_in: SignIn, stage: Stage) -> Account:
    if sign_in.stage is not stage or sign_in.account is None:
        raise StepOutOfOrder
    return check_open(await desk.accounts.find(sign_in.account))
