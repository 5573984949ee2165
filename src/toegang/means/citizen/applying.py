"""Applying for an account: who somebody says they are, a name and a password, a number, and a letter.

Every page answers the same, and does the same work, whether or not the particulars fit anybody and
whether or not that person has an account: who knows a BSN learns nothing here (security line L03). An
application that fits nobody becomes an account without a person, which no code can ever activate and
which lapses like any other; the letter alone makes the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toegang.audit.events import AccountActivationSent, AccountApplied, AccountLargePrintSet
from toegang.errors import CredentialsWrong, LoginUnknown, Refusal, StepOutOfOrder, settle
from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.activation import PURPOSE, key_of
from toegang.means.citizen.by_desk import open_account
from toegang.means.citizen.desk import can_get_letter, network_event, personal
from toegang.means.citizen.evenly import evenly
from toegang.means.citizen.filing import bsn_of, requested, seal_bsn, taken
from toegang.means.citizen.holding import held_now
from toegang.means.citizen.more_time import last_moment, more_time
from toegang.means.citizen.names import check_name
from toegang.means.citizen.posting import Texting, Writing, code_values
from toegang.means.citizen.records import Application, LetterCode
from toegang.post.telephone import Telephone
from toegang.post.texts import LetterPurpose, SmsPurpose
from toegang.registers.population import BirthDate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.attempts import Credentials
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.visitor import Visitor
    from toegang.registers.population import Registered
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who somebody says they are, and how large their letters are to be.

    `postcode` is as `parse_postcode` writes it.
    """

    bsn: Bsn
    birth_date: BirthDate = field(repr=False)
    postcode: str = field(repr=False)
    house_number: int = field(repr=False)
    large_print: bool = field(default=False, repr=False)

    def fit(self, found: Registered | None) -> bool:
        """Tell whether they are of a living resident whom a letter reaches."""
        return (
            found is not None
            and can_get_letter(found)
            and found.birth_date == self.birth_date
            and found.lives_at(self.postcode, self.house_number)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """The journey of applying; an application's id is a secret of one browser."""

    desk: Desk

    async def begin(self, visitor: Visitor, particulars: Particulars, language: str, now: datetime) -> str:
        """Begin an application and return its id.

        Raises:
            TooManyTries: too many from this network.
            Unavailable: the population register does not answer.

        """
        desk = self.desk
        fits = particulars.fit(await desk.population.find(particulars.bsn))
        until = now + desk.policy.application_lifetime
        application = Application(
            browser=visitor.browser_hash,
            network=visitor.network,
            language=language,
            until=until,
            last=last_moment(desk.policy, desk.policy.application_lifetime, now),
            bsn=seal_bsn(desk, particulars.bsn),
            fits=fits,
            large_print=particulars.large_print,
        )
        token = desk.ids.token()
        limit = desk.policy.applications
        async with desk.units.begin() as unit:
            refusal = await desk.tallies.count(unit, f"apply:{visitor.network}", limit, now)
            if refusal is None:
                await desk.memory.applications.add(unit, token, application, until, now)
                event = AccountApplied(at=now, means=desk.means, network=network_event(visitor.network))
                await desk.trail.record(unit, event)
        return settle(refusal or token)

    async def find(self, application: str, visitor: Visitor, now: datetime) -> Application:
        """Return an application under way, for its pages.

        Raises:
            LoginUnknown: none, or it took too long.
            LoginElsewhere: another browser.

        """
        found = await self.desk.memory.applications.find(application, now)
        if found is None:
            raise LoginUnknown
        visitor.check_browser(found.browser)
        return found

    async def extend(self, application: str, visitor: Visitor, now: datetime) -> Application:
        """Give more time; raises as `find` does."""
        await self.find(application, visitor, now)
        lifetime = self.desk.policy.application_lifetime
        return await more_time(self.desk, self.desk.memory.applications, application, lifetime, now)

    async def choose_credentials(
        self, application: str, visitor: Visitor, typed: Credentials, now: datetime
    ) -> Application:
        """NIST-SP800-63B-3.1.1: choose a user name and a password.

        Raises:
            ValueRefused: field `name`: not allowed, or somebody else's.
            PasswordTooWeak: why, as message keys.
            Unavailable: too many people wait.

        """
        await self.find(application, visitor, now)
        name = check_name(typed.name)
        context = (*self.desk.policy.context_words, name)
        password = await self.desk.hasher.hash(await self.desk.hasher.judge(typed.password, context))
        key = self.desk.keys.name(name)
        holder = await self.desk.accounts.find_by_name(key)
        if holder is not None and not holder.lapsed(now):
            raise taken()
        return await self._change(application, now, lambda kept: replace(kept, name=key, password=password))

    async def give_number(self, application: str, visitor: Visitor, typed: str, now: datetime) -> Application:
        """Give the telephone number, to which a code is sent; again for another number or code.

        Raises:
            NumberNotUsable: not a mobile number that we send to.
            TooManyTries: wait, or too many codes were sent.
            StepOutOfOrder: choose name and password first.

        """
        desk = self.desk
        number = Telephone.parse(typed, desk.policy.telephone_prefixes)
        kept = await self.find(application, visitor, now)
        if kept.password is None or kept.number_confirmed:
            raise StepOutOfOrder
        texting = Texting(
            purpose=SmsPurpose.NUMBER_CODE,
            subject=f"{application} {number.number}",
            to=number,
            language=kept.language,
            network=visitor.network,
        )
        async with desk.units.begin() as unit:
            code = await desk.posting.text_code(unit, texting, kept.code, now)
            result: Application | Refusal | None = None
            if isinstance(code, Refusal):
                result = code
            else:
                sealed = desk.keys.seal_number(number)
                sent = code

                def waiting(found: Application) -> Application:
                    after = sent.after(found.code)
                    return replace(found, number=sealed, number_ending=number.ending, code=after)

                result = await desk.memory.applications.change(unit, application, now, waiting)
        return settle(result or LoginUnknown())

    async def send_again(self, application: str, visitor: Visitor, now: datetime) -> Application:
        """Send another code to the number that was given; tries that were used stay used.

        Raises:
            TooManyTries: wait, or too many codes were sent.
            StepOutOfOrder: no number was given, or it is confirmed.

        """
        kept = await self.find(application, visitor, now)
        if kept.number is None:
            raise StepOutOfOrder
        number = self.desk.keys.open_number(kept.number)
        return await self.give_number(application, visitor, number.number, now)

    async def confirm_number(
        self, application: str, visitor: Visitor, typed: str, now: datetime
    ) -> Application:
        """Confirm the number with the code; each guess counts.

        Raises:
            CredentialsWrong: another code was sent.
            OneTimeGone: it has expired or was guessed at too often.

        """
        desk = self.desk
        kept = await self.find(application, visitor, now)
        if kept.number is None:
            raise StepOutOfOrder
        number = desk.keys.open_number(kept.number)
        subject = f"{application} {number.number}"
        hashed = desk.keys.code_hash.of(SmsPurpose.NUMBER_CODE, subject, typed)
        async with desk.units.begin() as unit:
            guessed = await desk.memory.applications.change(
                unit, application, now, lambda found: _guessed(found, hashed, now)
            )
            if isinstance(guessed, Application) and guessed.number_confirmed:
                await desk.posting.sms.budget.used(unit, number, now)
        result = settle(guessed or LoginUnknown())
        if not result.number_confirmed:
            raise CredentialsWrong
        return result

    @evenly
    async def finish(self, application: str, visitor: Visitor, now: datetime) -> None:
        """Send it: from now on the name and password lead to the page that asks for the letter's code.

        What began with the code of a desk asks no letter: the account works at once.

        Raises:
            ValueRefused: field `name`: somebody else took it meanwhile; choose another.
            StepOutOfOrder: name and password were not chosen.
            OneTimeGone, AccountClosed: as by_desk.open_account.
            Unavailable: the population register does not answer.

        """
        desk = self.desk
        kept = await self.find(application, visitor, now)
        if kept.password is None or kept.name is None:
            raise StepOutOfOrder
        bsn = bsn_of(desk, kept)
        if kept.desk_code:
            await open_account(desk, application, bsn, now)
            return
        found = await desk.population.find(bsn)
        person = await desk.enrolment.find(bsn)
        earlier = await desk.accounts.of_person(person.id) if person else ()
        held = await held_now(desk, person.id if person else None, now)
        blocked = bool(held) or any(account.status is Status.BLOCKED for account in earlier)
        fits = kept.fits and can_get_letter(found) and not blocked
        filing = _Filing(application, bsn, found if fits else None)
        async with desk.units.begin() as unit:
            result = await self._file(unit, filing, now)
        settle(result)

    async def _file(self, unit: Unit, filing: _Filing, now: datetime) -> Refusal | None:
        desk = self.desk
        kept = await desk.memory.applications.take(unit, filing.application, now)
        if kept is None:
            return LoginUnknown()
        to, account_id = filing.to, AccountId(desk.ids.uuid())
        key = f"letters:{desk.enrolment.found_by(filing.bsn).hex()}"
        if await desk.tallies.count(unit, key, desk.policy.letters, now) is not None:
            to = None
        person = await desk.enrolment.enrol(unit, filing.bsn, now) if to else None
        code, hashed = desk.posting.letter_code(PURPOSE, str(account_id), now)
        account = requested(kept, account_id, person.id if person else None, hashed.until, now)
        if not await desk.accounts.add(unit, account, now):
            again = replace(kept, name=None, password=None)
            await desk.memory.applications.add(unit, filing.application, again, kept.until, now)
            return taken()
        letter_code = LetterCode(account=account_id, code=hashed)
        await desk.memory.letter_codes.add(unit, key_of(account), letter_code, hashed.until, now)
        await self._send(unit, account, to, code_values(code, hashed.until, kept.language), now)
        return None

    async def _send(
        self, unit: Unit, account: Account, to: Registered | None, values: dict[str, str], now: datetime
    ) -> None:
        if to is None:
            return
        writing = Writing.of(account, LetterPurpose.ACTIVATION, to, values)
        await self.desk.posting.letter(unit, writing, now)
        event = AccountActivationSent(at=now, means=self.desk.means, person=personal(account))
        await self.desk.trail.record(unit, event)
        if account.large_print:
            chosen = AccountLargePrintSet(at=now, means=self.desk.means, person=event.person, wanted=True)
            await self.desk.trail.record(unit, chosen)

    async def _change(
        self, application: str, now: datetime, change: Callable[[Application], Application | Refusal]
    ) -> Application:
        async with self.desk.units.begin() as unit:
            result = await self.desk.memory.applications.change(unit, application, now, change)
        return settle(result or LoginUnknown())


@dataclass(frozen=True, slots=True)
class _Filing:
    """An application that is complete; `to` is who gets the letter, None when it fits nobody."""

    application: str
    bsn: Bsn
    to: Registered | None


def _guessed(kept: Application, hashed: bytes, now: datetime) -> Application | Refusal:
    if kept.code is None or kept.number_confirmed:
        return StepOutOfOrder()
    code = kept.code.tried(hashed, now)
    return code if isinstance(code, Refusal) else replace(kept, code=code, number_confirmed=code.fitted)
