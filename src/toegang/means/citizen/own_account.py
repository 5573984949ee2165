"""What people do with their own account once they are logged in: look, change, report, end.

"My account" is a service of the hub: whoever comes here was proven by an ordinary login, and brings what
that login proved (`SignedIn`). Changes ask a fresh one, at the level of what is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.events import (
    AccountLoggedOut,
    AccountPasswordChanged,
    AccountSuspended,
    SignInFailure,
)
from toegang.errors import (
    AccountClosed,
    LevelNotProven,
    OneTimeGone,
    Refusal,
    ValueRefused,
    settle,
)
from toegang.means.citizen import attempts, first_number, number_change
from toegang.means.citizen.account import Account, AccountId, Act, Status
from toegang.means.citizen.attempts import Attempt
from toegang.means.citizen.desk import personal
from toegang.means.citizen.overview import device_tag, overview_of, rests_until
from toegang.means.citizen.posting import Texting
from toegang.means.citizen.records import NumberChange
from toegang.means.citizen.standing import check_open, end, withdraw_proofs, withdrawn
from toegang.means.citizen.telling import Told, notice, tell
from toegang.post.telephone import Telephone
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from toegang.means.base import Authentication
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.overview import Overview
    from toegang.means.citizen.visitor import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What the login into "my account" proved: which account, how sure, when."""

    account: AccountId
    level: Level
    at: datetime

    @classmethod
    def of(cls, proven: Authentication, level: Level) -> SignedIn:
        """Make it of the authentication and the level that counted (after the ceiling)."""
        return cls(account=AccountId(UUID(proven.subject.identifier)), level=level, at=proven.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """The password now and the one to come, as typed."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """The use cases of "my account"."""

    desk: Desk

    async def overview(self, signed_in: SignedIn, visitor: Visitor, now: datetime) -> Overview:
        """Show the account.

        Raises:
            AccountClosed: it was stopped.

        """
        account = check_open(await self.desk.accounts.find(signed_in.account))
        return await overview_of(self.desk, account, visitor, now)

    async def login_needed(self, signed_in: SignedIn, now: datetime) -> Level | None:
        """ASVS-7.5.1: the level at which to log in anew before a change; None when that was just done.

        Raises:
            AccountClosed: the account was stopped, or its proofs were withdrawn.

        """
        try:
            await self.fresh(signed_in, now)
        except LevelNotProven:
            account = check_open(await self.desk.accounts.find(signed_in.account))
            return account.reach
        return None

    async def forget_devices(self, signed_in: SignedIn, tag: str = "") -> None:
        """Forget the device with this tag, or every device; the next sign-in there counts as a strange one.

        A tag of no device of this account forgets nothing.
        """
        account = check_open(await self.desk.accounts.find(signed_in.account))
        tokens = [device.token for device in await self.desk.devices.of_account(account.id)]
        async with self.desk.units.begin() as unit:
            if not tag:
                await self.desk.devices.forget(unit, account.id)
            for token in tokens:
                if tag and compare_digest(device_tag(token).encode(), tag.encode()):
                    await self.desk.devices.forget_one(unit, account.id, token)

    async def log_out(self, account: AccountId, now: datetime) -> None:
        """ASVS-7.4.3: what this account proved until now counts no more, anywhere. Never refused."""
        desk = self.desk
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account, lambda kept: replace(kept, proofs_from=now))
            if isinstance(after, Account):
                event = AccountLoggedOut(at=now, means=desk.means, person=personal(after))
                await desk.trail.record(unit, event)
                await withdraw_proofs(desk, unit, after, "logged-out", now)

    async def change_password(
        self, signed_in: SignedIn, visitor: Visitor, typed: NewPassword, now: datetime
    ) -> None:
        """ASVS-6.2.3: change the password, giving the old one; ends every other session.

        Raises:
            LevelNotProven: log in again first.
            CredentialsWrong: the old password is another.
            PasswordTooWeak: why, as message keys.
            TooManyTries: wait.

        """
        desk = self.desk
        account = await self.fresh(signed_in, now)
        made = await self._attempt(account, visitor, typed.old, now)
        await attempts.count(desk, made, now)
        if not await desk.hasher.verify(account.password, typed.old):
            raise await attempts.failed(desk, made, now)
        password = await desk.hasher.hash(await desk.hasher.judge(typed.new, desk.policy.context_words))

        def change(kept: Account) -> Account | Refusal:
            return number_change.changed_since(account, kept) or replace(
                kept, password=password, proofs_from=now
            )

        async with desk.units.begin() as unit:
            await desk.tallies.clear(unit, made.tally, now)
            after = await desk.accounts.change(unit, account.id, change)
            if isinstance(after, Account):
                await desk.devices.forget(unit, account.id, visitor.device_hash)
                event = AccountPasswordChanged(at=now, means=desk.means, person=personal(account))
                await desk.trail.record(unit, event)
                await withdraw_proofs(desk, unit, account, "password-changed", now)
                await notice(desk, unit, account, SmsPurpose.PASSWORD_CHANGED, now)
        settle(after or AccountClosed())

    async def give_number(self, signed_in: SignedIn, visitor: Visitor, typed: str, now: datetime) -> str:
        """Give a new telephone number, to which a code is sent; return the id of the change.

        With a number already there, a fresh login with it is needed, and the number must have rested
        for some days since the last change (security line L06). Who lost it goes by recovery.

        Raises:
            LevelNotProven: log in again first, with a code to the old number.
            ValueRefused: field `telephone`: the number has not rested yet.
            NumberNotUsable: not a mobile number that we send to.
            TooManyTries: wait.

        """
        desk = self.desk
        account = await self.fresh(signed_in, now)
        if rests_until(desk.policy, account, now) is not None:
            field = "telephone"
            raise ValueRefused(field, "number-rests")
        number = Telephone.parse(typed, desk.policy.telephone_prefixes)
        token = desk.ids.token()
        texting = Texting(
            purpose=SmsPurpose.NUMBER_CODE,
            subject=token,
            to=number,
            language=account.language,
            network=visitor.network,
        )
        async with desk.units.begin() as unit:
            code = await desk.posting.text_code(unit, texting, None, now)
            if not isinstance(code, Refusal):
                change = NumberChange(
                    browser=visitor.browser_hash,
                    account=account.id,
                    number=desk.keys.seal_number(number),
                    number_ending=number.ending,
                    until=code.until,
                    code=code,
                )
                await desk.memory.number_changes.add(unit, token, change, code.until, now)
        settle(code)
        return token

    async def find_change(
        self, signed_in: SignedIn, visitor: Visitor, change: str, now: datetime
    ) -> NumberChange:
        """Return a change of number under way, for its page.

        Raises:
            OneTimeGone: none of this account, or it took too long.
            LoginElsewhere: another browser.

        """
        kept = await self.desk.memory.number_changes.find(change, now)
        if kept is None or kept.account != signed_in.account:
            raise OneTimeGone
        visitor.check_browser(kept.browser)
        return kept

    async def send_again(self, signed_in: SignedIn, visitor: Visitor, change: str, now: datetime) -> str:
        """Send another code to the same new number; return the id of the change that takes its place.

        Raises:
            OneTimeGone, LoginElsewhere: as `find_change`.
            LevelNotProven, TooManyTries: as `give_number`.

        """
        kept = await self.find_change(signed_in, visitor, change, now)
        number = self.desk.keys.open_number(kept.number)
        return await self.give_number(signed_in, visitor, number.number, now)

    async def confirm_number(
        self, signed_in: SignedIn, visitor: Visitor, change: str, typed: str, now: datetime
    ) -> bool:
        """Confirm the new number with the code; the old number and a letter tell the person.

        Returns whether it works now: a first number waits for the code of a letter (`add_number`).

        Raises:
            ValueRefused: a first number, and no letter reaches the person.
            CredentialsWrong: another code was sent.
            OneTimeGone: it has expired or was guessed at too often; give the number again.
            LoginElsewhere: another browser.
            LevelNotProven: the login is no longer fresh.

        """
        desk = self.desk
        account = await self.fresh(signed_in, now)
        await self.find_change(signed_in, visitor, change, now)
        found = await desk.registered(account.person) if account.person else None
        hashed = desk.keys.code_hash.of(SmsPurpose.NUMBER_CODE, change, typed)
        async with desk.units.begin() as unit:
            result = await number_change.try_code(
                desk, unit, account, number_change.Guess(change, hashed, found), now
            )
        return settle(result).number is not None

    async def add_number(self, signed_in: SignedIn, visitor: Visitor, typed: str, now: datetime) -> None:
        """NIST-SP800-63B-4.1.2: let a first number count, with the code of its letter.

        Raises:
            CredentialsWrong: another code stands in the letter.
            OneTimeGone: no number waits, or the code has expired or was guessed at too often.
            LevelNotProven: the login is no longer fresh.

        """
        desk = self.desk
        account = await self.fresh(signed_in, now)
        made = await self._attempt(account, visitor, "", now)
        async with desk.units.begin() as unit:
            result = await first_number.add(desk, unit, account, typed, now)
            if isinstance(result, Refusal):
                await attempts.record(desk, unit, made, SignInFailure.CODE, now)
        settle(result)

    async def suspend(self, signed_in: SignedIn, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: suspend the account; a recovery by letter resumes it, as enrolment began it.

        A text message and a letter tell the person; when the register is away, only the message does.

        Raises:
            LevelNotProven: log in again first.
            AccountClosed: it is not in use.

        """
        desk = self.desk
        account = await self.fresh(signed_in, now)
        to = await self.desk.addressee(account)
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(
                unit, account.id, lambda kept: withdrawn(kept, Act.SUSPEND, now)
            )
            if isinstance(after, Account):
                event = AccountSuspended(
                    at=now, means=desk.means, person=personal(account), before=account.reach, after=None
                )
                await desk.trail.record(unit, event)
                await withdraw_proofs(desk, unit, account, "suspended", now)
                told = Told(account, to, SmsPurpose.ACCOUNT_SUSPENDED, LetterPurpose.ACCOUNT_SUSPENDED)
                await tell(desk, unit, told, now)
        settle(after or AccountClosed())

    async def end(self, signed_in: SignedIn, now: datetime) -> None:
        """GDPR-17: end the account; name, password and number are erased, the person stays known to us.

        Never refused, not even when the register is away: then only a text message tells the person, and
        otherwise a letter too. A second time nothing happens.
        """
        desk = self.desk
        account = await desk.accounts.find(signed_in.account)
        if account is None or account.status is Status.ENDED:
            return
        to = await self.desk.addressee(account)
        async with desk.units.begin() as unit:
            told = Told(account, to, SmsPurpose.ACCOUNT_ENDED, LetterPurpose.ACCOUNT_ENDED)
            await tell(desk, unit, told, now)
            await end(desk, unit, account, "person", now)

    async def fresh(self, signed_in: SignedIn, now: datetime) -> Account:
        """ASVS-7.5.1: return the account, proven just now at the highest level that it can prove.

        Raises:
            LevelNotProven: log in again first.
            AccountClosed: it was stopped, or its proofs were withdrawn.

        """
        account = check_open(await self.desk.accounts.find(signed_in.account))
        if account.proofs_from is not None and signed_in.at < account.proofs_from:
            raise AccountClosed
        needed = account.reach or Level.BASIC
        if signed_in.level < needed or now - signed_in.at > self.desk.policy.fresh_login_age:
            raise LevelNotProven
        return account

    async def _attempt(self, account: Account, visitor: Visitor, old: str, now: datetime) -> Attempt:
        name = account.name or b""
        device = await attempts.known_device(self.desk, name, visitor, now)
        password = self.desk.keys.password(old)
        return Attempt(
            visitor=visitor, reference="", name=name, password=password, device=device, account=account
        )
