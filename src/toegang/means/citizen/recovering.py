"""A forgotten password: recovered by a letter and, where there is a number, a code by text message.

    ask (name and BSN)  -> a letter, if they belong together; always the same answer
    open (and the code) -> CODE      the number is kept: it must be proven too
                        -> PASSWORD  there is no number, or it was lost and is taken away
    choose_password     -> the account can be used again

Recovery proves what enrolment proved, the address in the register, and never less
(eIDAS-2015/1502-2.2.3). A step's record names the flow, the account, the browser and what was proven, so
that no step can be taken in another's place (security line L16).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountRecovered, AccountSignInFailed, SignInFailure
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LoginUnknown,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    settle,
)
from toegang.means.citizen.account import RECOVERABLE, Account, Act
from toegang.means.citizen.activation import try_letter_code
from toegang.means.citizen.desk import can_get_letter, network_event, personal
from toegang.means.citizen.evenly import evenly
from toegang.means.citizen.more_time import last_moment, more_time
from toegang.means.citizen.posting import Texting, Writing, code_values
from toegang.means.citizen.records import LetterCode, Recovery, Stage
from toegang.means.citizen.standing import forget_left, withdraw_proofs, withdrawn
from toegang.means.citizen.telling import notice
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

PURPOSE: Final = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Whose account somebody says it is."""

    name: str = field(repr=False)
    bsn: Bsn


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovering:
    """The journey of recovery; a recovery's id is a secret of one browser."""

    desk: Desk

    @evenly
    async def ask(self, visitor: Visitor, claimant: Claimant, language: str, now: datetime) -> None:
        """Ask for a letter with a code; the same answer whether or not name and BSN belong together.

        Raises:
            TooManyTries: too many from this network.
            Unavailable: the population register does not answer.

        """
        desk = self.desk
        key = self._key(claimant)
        account = await account_of(self.desk, claimant)
        found = await desk.population.find(claimant.bsn)
        to = found if account is not None and can_get_letter(found) else None
        code, hashed = desk.posting.letter_code(PURPOSE, key, now)
        letter_code = LetterCode(account=account.id if account and to else None, code=hashed)
        values = code_values(code, hashed.until, language)
        writing = Writing(
            purpose=LetterPurpose.RECOVERY,
            to=to,
            language=language,
            values=values,
            large_print=account is not None and account.large_print,
        )
        async with desk.units.begin() as unit:
            refusal = await self._count(unit, visitor, now)
            limit = desk.policy.letters
            if refusal is None and await desk.tallies.count(unit, f"letters:{key}", limit, now) is None:
                await desk.memory.letter_codes.take(unit, key, now)
                await desk.memory.letter_codes.add(unit, key, letter_code, hashed.until, now)
                await desk.posting.letter(unit, writing, now)
        settle(refusal)

    @evenly
    async def open(
        self, visitor: Visitor, claimant: Claimant, typed: str, now: datetime, *, keep_number: bool = True
    ) -> str:
        """Give the code from the letter; return the id of the recovery.

        With `keep_number` the account's number must be proven next; without it the number is taken away
        and the account falls back to level basis.

        Raises:
            CredentialsWrong: another code stands in the letter, or no letter was sent.
            OneTimeGone: it was used, has expired or was guessed at too often.
            TooManyTries: too many from this network.

        """
        desk = self.desk
        key, token = self._key(claimant), desk.ids.token()
        account = await account_of(self.desk, claimant)
        hashed = desk.keys.code_hash.of(PURPOSE, key, typed)
        async with desk.units.begin() as unit:
            result = await self._count(unit, visitor, now) or await try_letter_code(
                desk, unit, key, hashed, now
            )
            if isinstance(result, Refusal):
                await self._record(unit, account, visitor, now)
            elif account is None or result.account != account.id or account.name is None:
                result = OneTimeGone()
            else:
                recovery = self._recovery(visitor, account, now, keep_number=keep_number)
                await desk.memory.recoveries.add(unit, token, recovery, recovery.until, now)
        settle(result)
        return token

    async def find(self, recovery: str, visitor: Visitor, now: datetime) -> Recovery:
        """Return a recovery under way, for its pages.

        Raises:
            LoginUnknown: none, or it took too long.
            LoginElsewhere: another browser.

        """
        found = await self.desk.memory.recoveries.find(recovery, now)
        if found is None:
            raise LoginUnknown
        visitor.check_browser(found.browser)
        return found

    async def extend(self, recovery: str, visitor: Visitor, now: datetime) -> Recovery:
        """Give more time; raises as `find` does."""
        await self.find(recovery, visitor, now)
        lifetime = self.desk.policy.recovery_lifetime
        return await more_time(self.desk, self.desk.memory.recoveries, recovery, lifetime, now)

    async def send_code(self, recovery: str, visitor: Visitor, now: datetime) -> Recovery:
        """Send a code to the account's number, the first or another.

        Raises:
            TooManyTries: wait, or too many were sent.
            StepOutOfOrder: no code is asked now.

        """
        desk = self.desk
        kept = await self.find(recovery, visitor, now)
        account = await desk.accounts.find(kept.account)
        number = desk.number_of(account) if account else None
        if kept.stage is not Stage.CODE or number is None:
            raise StepOutOfOrder
        texting = Texting(
            purpose=SmsPurpose.RECOVERY_CODE,
            subject=recovery,
            to=number,
            language=kept.language,
            network=visitor.network,
        )
        async with desk.units.begin() as unit:
            code = await desk.posting.text_code(unit, texting, kept.code, now)
            result: Recovery | Refusal | None
            if isinstance(code, Refusal):
                result = code
            else:
                sent = code
                result = await desk.memory.recoveries.change(
                    unit, recovery, now, lambda found: replace(found, code=sent.after(found.code))
                )
        return settle(result or LoginUnknown())

    async def prove_number(self, recovery: str, visitor: Visitor, typed: str, now: datetime) -> Recovery:
        """Prove the number with the code; each guess counts.

        Raises:
            CredentialsWrong: another code was sent.
            OneTimeGone: it has expired or was guessed at too often.
            StepOutOfOrder: no code is asked now.

        """
        desk = self.desk
        kept = await self.find(recovery, visitor, now)
        account = await desk.accounts.find(kept.account)
        hashed = desk.keys.code_hash.of(SmsPurpose.RECOVERY_CODE, recovery, typed)
        async with desk.units.begin() as unit:
            guessed = await desk.memory.recoveries.change(
                unit, recovery, now, lambda found: _guessed(found, hashed, now)
            )
            number = desk.number_of(account) if account else None
            if not isinstance(guessed, Recovery) or guessed.stage is not Stage.PASSWORD:
                await self._record(unit, account, visitor, now)
            elif number is not None:
                await desk.posting.sms.budget.used(unit, number, now)
        result = settle(guessed or LoginUnknown())
        if result.stage is not Stage.PASSWORD:
            raise CredentialsWrong
        return result

    async def choose_password(self, recovery: str, visitor: Visitor, typed: str, now: datetime) -> None:
        """Choose the new password: earlier proofs, known devices and counted failures are gone.

        Raises:
            PasswordTooWeak: why, as message keys.
            StepOutOfOrder: not everything was proven.
            OneTimeGone: this recovery was used meanwhile.
            AccountClosed: the account ended or was blocked meanwhile.

        """
        desk = self.desk
        kept = await self.find(recovery, visitor, now)
        if kept.stage is not Stage.PASSWORD:
            raise StepOutOfOrder
        password = await desk.hasher.hash(await desk.hasher.judge(typed, desk.policy.context_words))
        async with desk.units.begin() as unit:
            taken = await desk.memory.recoveries.take(unit, recovery, now)
            if taken is None or taken.stage is not Stage.PASSWORD:
                result: Account | Refusal = OneTimeGone()
            else:
                result = await self._recovered(unit, taken, password, now)
        settle(result)

    async def _recovered(
        self, unit: Unit, recovery: Recovery, password: str, now: datetime
    ) -> Account | Refusal:
        desk = self.desk
        before = await desk.accounts.find(recovery.account)

        def change(kept: Account) -> Account | Refusal:
            after = withdrawn(kept, Act.RECOVER, now)
            if isinstance(after, Refusal):
                return after
            number = after.number if recovery.keep_number else None
            return replace(after, password=password, failures=0, number=number)

        after = await desk.accounts.change(unit, recovery.account, change)
        if before is None or after is None or isinstance(after, Refusal):
            return after or AccountClosed()
        await desk.devices.forget(unit, after.id)
        event = AccountRecovered(
            at=now,
            means=desk.means,
            person=personal(after),
            before=before.reach,
            after=after.reach,
            by="letter-and-sms-code" if after.number else "letter",
        )
        await desk.trail.record(unit, event)
        await withdraw_proofs(desk, unit, after, "recovered", now)
        if not recovery.keep_number:
            # The letter alone was proven: address and links may be of whoever had the password (L16).
            await forget_left(desk, unit, before, "recovered", now)
        await notice(desk, unit, before, SmsPurpose.PASSWORD_CHANGED, now)
        return after

    def _key(self, claimant: Claimant) -> str:
        return key_of(self.desk.keys.name(claimant.name), self.desk.enrolment.found_by(claimant.bsn))

    def _recovery(self, visitor: Visitor, account: Account, now: datetime, *, keep_number: bool) -> Recovery:
        number = self.desk.number_of(account) if keep_number else None
        policy = self.desk.policy
        return Recovery(
            browser=visitor.browser_hash,
            account=account.id,
            name=account.name or b"",
            language=account.language,
            until=now + policy.recovery_lifetime,
            last=last_moment(policy, policy.recovery_lifetime, now),
            stage=Stage.CODE if number else Stage.PASSWORD,
            keep_number=number is not None,
            number_ending=number.ending if number else "",
        )

    async def _count(self, unit: Unit, visitor: Visitor, now: datetime) -> Refusal | None:
        limit = self.desk.policy.recoveries
        return await self.desk.tallies.count(unit, f"recover:{visitor.network}", limit, now)

    async def _record(self, unit: Unit, account: Account | None, visitor: Visitor, now: datetime) -> None:
        event = AccountSignInFailed(
            at=now,
            means=self.desk.means,
            person=personal(account),
            why=SignInFailure.CODE,
            network=network_event(visitor.network),
        )
        await self.desk.trail.record(unit, event)


def key_of(name: bytes, found_by: bytes) -> str:
    """Return what the code of a recovery is kept under: keyed hashes of the user name and the BSN."""
    return f"{PURPOSE} {name.hex()} {found_by.hex()}"


def _guessed(kept: Recovery, hashed: bytes, now: datetime) -> Recovery | Refusal:
    if kept.stage is not Stage.CODE or kept.code is None:
        return StepOutOfOrder()
    code = kept.code.tried(hashed, now)
    if isinstance(code, Refusal):
        return code
    return replace(kept, code=code, stage=Stage.PASSWORD if code.fitted else kept.stage)


async def account_of(desk: Desk, claimant: Claimant) -> Account | None:
    """Find the account, if name and BSN belong together; the same look-ups either way."""
    account = await desk.accounts.find_by_name(desk.keys.name(claimant.name))
    person = await desk.enrolment.find(claimant.bsn)
    if account is None or person is None or account.person != person.id:
        return None
    return account if account.status in RECOVERABLE else None
