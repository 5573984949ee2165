"""How people are told what happens with their account: the ways that they choose, and an address for mail.

A mail address proves nothing and is never asked for at a login or a recovery; it may be of several accounts,
so that no answer here can say whether it is known. A change is told to the ways that were there before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountLargePrintSet, AccountMailSet, AccountNoticesSet
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    OneTimeGone,
    PartyClosed,
    Refusal,
    ValueRefused,
    settle,
)
from toegang.means.citizen.account import Account
from toegang.means.citizen.codes import Code
from toegang.means.citizen.desk import personal
from toegang.means.citizen.number_change import changed_since
from toegang.means.citizen.records import MailChange
from toegang.means.citizen.telling import notice
from toegang.means.citizen.ways import Way, Ways
from toegang.post.mail import Mail
from toegang.post.mail_texts import MailPurpose
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.own_account import OwnAccount, SignedIn
    from toegang.means.citizen.visitor import Visitor
    from toegang.post.mail import MailPost
    from toegang.post.mail_address import MailAddress
    from toegang.units import Unit

PURPOSE: Final = "mail address"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNotices:
    """The use cases of My account that are about being told."""

    own: OwnAccount

    async def set_ways(
        self, signed_in: SignedIn, wish: Ways, possible: frozenset[Way], now: datetime
    ) -> None:
        """Keep how the person wants to be told; a change is told by the ways of before.

        Raises:
            ValueRefused: a way that does not reach this person.
            TooManyTries: it was changed too often today; each change tells the person something.
            LevelNotProven: log in again first.

        """
        desk = self.own.desk
        account = await self.own.fresh(signed_in, now)
        if not wish.ways <= possible:
            field = "ways"
            raise ValueRefused(field, "way-not-possible")
        before = Ways.parse(account.notices)
        async with desk.units.begin() as unit:
            after: Account | Refusal | None = await desk.tallies.count(
                unit, f"notices:{account.id}", desk.policy.notice_changes, now
            )
            if after is None:
                after = await desk.accounts.change(
                    unit, account.id, lambda kept: replace(kept, notices=wish.written())
                )
            if isinstance(after, Account):
                event = AccountNoticesSet(
                    at=now,
                    means=desk.means,
                    person=personal(after),
                    by_before=before.written(),
                    by=wish.written(),
                )
                await desk.trail.record(unit, event)
                if wish != before:
                    await notice(desk, unit, account, SmsPurpose.NOTICES_CHANGED, now)
        settle(after or AccountClosed())

    async def set_large_print(self, signed_in: SignedIn, wish: bool, now: datetime) -> None:  # noqa: FBT001 it is the value that is kept
        """Keep whether the person wants letters in large print.

        Raises:
            LevelNotProven: log in again first.

        """
        desk = self.own.desk
        account = await self.own.fresh(signed_in, now)
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account.id, lambda kept: replace(kept, large_print=wish))
            if isinstance(after, Account):
                event = AccountLargePrintSet(at=now, means=desk.means, person=personal(after), wanted=wish)
                await desk.trail.record(unit, event)

    async def give_mail(self, signed_in: SignedIn, visitor: Visitor, mail: MailAddress, now: datetime) -> str:
        """Mail a code to an address; return the id of the change that waits for it.

        Whoever else has the address, the answer is the same. One address gets few codes a day whoever
        asks them, and one account asks few, so that nobody is bombed.

        Raises:
            TooManyTries: wait.
            PartyClosed: no mail is sent here.
            LevelNotProven: log in again first.

        """
        desk, mails = self.own.desk, self._mails()
        account = await self.own.fresh(signed_in, now)
        id_, code = desk.ids.token(), desk.ids.digits(desk.policy.mail_code_digits)
        until = now + desk.policy.mail_code_lifetime
        change = MailChange(
            browser=visitor.browser_hash,
            account=account.id,
            mail=desk.keys.seal_mail(mail),
            hint=mail.hint,
            until=until,
            code=Code(
                hash=desk.keys.code_hash.of(PURPOSE, id_, code),
                until=until,
                tries=desk.policy.mail_code_tries,
            ),
        )
        minutes = str(round(desk.policy.mail_code_lifetime.total_seconds() / 60))
        sent = Mail(
            purpose=MailPurpose.MAIL_CODE,
            to=mail,
            language=account.language,
            values={"code": code, "minutes": minutes},
        )
        async with desk.units.begin() as unit:
            refusal = await self._spend(unit, account, mail, now)
            if refusal is None:
                await desk.memory.mail_changes.add(unit, id_, change, until, now)
                await mails.send(unit, sent, until, now)
        if refusal is not None:
            raise refusal
        return id_

    async def find_change(
        self, signed_in: SignedIn, visitor: Visitor, change: str, now: datetime
    ) -> MailChange:
        """Return an address that waits for its code, for its page.

        Raises:
            OneTimeGone: none of this account, or it took too long.
            LoginElsewhere: another browser.

        """
        kept = await self.own.desk.memory.mail_changes.find(change, now)
        if kept is None or kept.account != signed_in.account:
            raise OneTimeGone
        visitor.check_browser(kept.browser)
        return kept

    async def confirm_mail(
        self, signed_in: SignedIn, visitor: Visitor, change: str, typed: str, now: datetime
    ) -> None:
        """Let the address count, with its code; the address of before and the chosen ways are told.

        Raises:
            CredentialsWrong: another code was sent.
            OneTimeGone: it was used, has expired or was guessed at too often.
            LoginElsewhere: another browser.
            TooManyTries: too many codes of this account were wrong.
            LevelNotProven: the login is no longer fresh.

        """
        desk = self.own.desk
        account = await self.own.fresh(signed_in, now)
        await self.find_change(signed_in, visitor, change, now)
        hashed = desk.keys.code_hash.of(PURPOSE, change, typed)
        async with desk.units.begin() as unit:
            result = await self._tried(unit, account, (change, hashed), now)
        settle(result)

    async def remove_mail(self, signed_in: SignedIn, now: datetime) -> None:
        """Forget the address; it is told to it, and by the chosen ways. Without one nothing happens.

        Raises:
            LevelNotProven: log in again first.

        """
        desk = self.own.desk
        account = await self.own.fresh(signed_in, now)
        if account.mail is None:
            return
        async with desk.units.begin() as unit:
            settled = await self._set(unit, account, None, now)
        settle(settled)

    def _mails(self) -> MailPost:
        mails = self.own.desk.posting.mails
        if mails is None:
            message = "no mail server is set"
            raise PartyClosed(message)
        return mails

    async def _spend(self, unit: Unit, account: Account, mail: MailAddress, now: datetime) -> Refusal | None:
        desk = self.own.desk
        whom = desk.keys.names.find(b"mail address" + mail.address.lower().encode()).hex()
        # The account first: one that asked too many must not use up what others may ask of an address (L02).
        for what, limit in (
            (f"mail-account:{account.id}", desk.policy.mail_of_account),
            (f"mail-short:{whom}", desk.policy.mail_short),
            (f"mail-day:{whom}", desk.policy.mail_daily),
        ):
            refusal = await desk.tallies.count(unit, what, limit, now)
            if refusal is not None:
                return refusal
        return None

    async def _tried(
        self, unit: Unit, account: Account, guess: tuple[str, bytes], now: datetime
    ) -> Account | Refusal:
        """Count one guess, of this code and of all codes of the account (security line L04)."""
        desk, (change, hashed) = self.own.desk, guess
        tally = f"mail-code:{account.id}"
        refusal = await desk.tallies.count(unit, tally, desk.policy.mail_failures, now)
        if refusal is not None:
            return refusal
        guessed = await desk.memory.mail_changes.change(
            unit, change, now, lambda kept: _guessed(kept, hashed, now)
        )
        if guessed is None or isinstance(guessed, Refusal):
            return guessed or OneTimeGone()
        if not guessed.code.fitted:
            return CredentialsWrong()
        await desk.tallies.clear(unit, tally, now)
        await desk.memory.mail_changes.take(unit, change, now)
        return await self._set(unit, account, guessed.mail, now)

    async def _set(self, unit: Unit, before: Account, mail: bytes | None, now: datetime) -> Account | Refusal:
        """Keep the address, or none; who chose mail only and has none left is told as usual."""
        desk = self.own.desk

        def change(kept: Account) -> Account | Refusal:
            ways = Ways.parse(kept.notices)
            left = ways if mail else ways.without(Way.MAIL)
            return changed_since(before, kept) or replace(kept, mail=mail, notices=left.written())

        after = await desk.accounts.change(unit, before.id, change)
        if after is None or isinstance(after, Refusal):
            return after or AccountClosed()
        event = AccountMailSet(
            at=now,
            means=desk.means,
            person=personal(after),
            known_before=before.mail is not None,
            known=mail is not None,
        )
        await desk.trail.record(unit, event)
        purpose = SmsPurpose.MAIL_SET if mail else SmsPurpose.MAIL_REMOVED
        await notice(desk, unit, before, purpose, now)
        return after


def _guessed(kept: MailChange, hashed: bytes, now: datetime) -> MailChange | Refusal:
    code = kept.code.tried(hashed, now)
    return code if isinstance(code, Refusal) else replace(kept, code=code)
