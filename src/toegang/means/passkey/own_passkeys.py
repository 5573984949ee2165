"""What people do with their own passkeys in My account: look, add one, stop one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toegang.audit.events import PasskeyAdded
from toegang.errors import (
    AccountClosed,
    LevelNotProven,
    NotEntitled,
    OneTimeGone,
    PartyClosed,
    PasskeyRefused,
    Refusal,
    UnknownParty,
    settle,
)
from toegang.means.citizen.desk import personal
from toegang.means.citizen.names import read_device_name
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.standing import check_open
from toegang.means.citizen.telling import Told, tell
from toegang.means.passkey import ceremonies
from toegang.means.passkey.desk import Registration
from toegang.means.passkey.policy import HIGHEST, Worth
from toegang.means.passkey.standing import BY_PERSON, Stop, stopped
from toegang.means.passkey.values import Passkey, PasskeyId, PasskeyStatus, Why
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.jose.segments import JsonObject
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.own_account import SignedIn
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.passkey.ceremonies import Created
    from toegang.means.passkey.desk import PasskeyDesk
    from toegang.registers.population import Registered
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a page sends for a new passkey: what its person calls it, and what their browser answered."""

    name: str = field(repr=False)
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """A new passkey that was proven, the account that it is for, and whom a letter reaches."""

    passkey: Passkey
    registration: Registration
    account: Account
    to: Registered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskeys:
    """The use cases of My account that are about passkeys."""

    desk: PasskeyDesk

    def offered(self, now: datetime) -> bool:
        """Tell whether a passkey can be added now: the means is admitted and open."""
        try:
            self.desk.admission(now)
        except (PartyClosed, UnknownParty):
            return False
        return True

    async def passkeys(self, signed_in: SignedIn) -> tuple[Passkey, ...]:
        """Return the passkeys of an account that were not stopped, oldest first.

        Raises:
            AccountClosed: the account was stopped.

        """
        account = check_open(await self.desk.account.accounts.find(signed_in.account))
        return await self.desk.passkeys.of_account(account.id)

    def level_of(self, passkey: Passkey, now: datetime) -> Level | None:
        """Return what a passkey proves now; None when it cannot be used, or its means is closed."""
        try:
            return self.desk.level_of(passkey, now)
        except (PartyClosed, UnknownParty):
            return None

    async def begin(self, signed_in: SignedIn, visitor: Visitor, now: datetime) -> JsonObject:
        """NIST-SP800-63B-4.1.2: begin to add a passkey, after a fresh login; return what is asked.

        Raises:
            LevelNotProven: log in again first.
            PartyClosed, UnknownParty: passkeys are not admitted now.
            PasskeyRefused: there are as many as there may be.
            TooManyTries: wait.

        """
        desk, ids = self.desk, self.desk.account.ids
        admission = desk.admission(now)
        account = await self._fresh(signed_in, now)
        known = await desk.passkeys.of_account(account.id)
        pending = await desk.memory.registrations.find(str(account.id), now)
        if len(known) >= desk.policy.passkeys_most:
            raise PasskeyRefused(why=Why.TOO_MANY)
        registration = Registration(
            browser=visitor.browser_hash,
            account=account.id,
            means=admission.id,
            challenge=ids.token(),
            handle=_handle(known, pending) or ids.secret(ceremonies.HANDLE_BYTES),
            level=min(signed_in.level, HIGHEST),
            signed_in_at=signed_in.at,
        )
        until = now + desk.policy.challenge_lifetime
        async with desk.account.units.begin() as unit:
            await desk.memory.registrations.keep(unit, str(account.id), registration, until)
        attestation = Worth.of(admission).asks_attestation
        return ceremonies.ask_to_create(
            desk.site, registration.challenge, registration.handle, known, attestation=attestation
        )

    async def add(self, signed_in: SignedIn, visitor: Visitor, answer: Answer, now: datetime) -> Passkey:
        """WEBAUTHN3-7.1: add a passkey that the person's device just made.

        1. the name is one; 2. what the page asked is taken, once, by the browser that it was asked in;
        3. the login is still fresh, and the means open; 4. the answer is believed; 5. a passkey of this bond
        is admitted; 6. in one unit: nothing was withdrawn meanwhile, there are not too many, nobody has this
        one, and the person is told.

        Raises:
            Malformed: the name is none.
            OneTimeGone: nothing was asked, or too long ago, or it was answered.
            LoginElsewhere: another browser.
            LevelNotProven: log in again first.
            PasskeyRefused: it is not believed, not admitted, known, or one too many.
            TooManyTries: wait.
            AccountClosed: the account was stopped, or proofs were withdrawn meanwhile.

        """
        desk = self.desk
        # 1.
        name = read_device_name(answer.name)
        # 2.
        registration = await self._taken(signed_in, visitor, now)
        # 3.
        account = await self._fresh(signed_in, now)
        trusted = desk.trusted(registration.means, now)
        # 4.
        unproven = ceremonies.read(answer.credential)
        created = ceremonies.check_created(unproven, desk.site, registration.challenge, trusted, now)
        asked = replace(registration, level=min(registration.level, signed_in.level))
        passkey = self._made(name, asked, created, now)
        # 5.
        passkey = replace(passkey, told=desk.level_of(passkey, now))
        if passkey.told is None:
            raise PasskeyRefused(passkey.bond, why=Why.NOT_ADMITTED)
        to = await desk.account.addressee(account)
        # 6.
        async with desk.account.units.begin() as unit:
            new = _New(passkey=passkey, registration=registration, account=account, to=to)
            result = await self._added(unit, new, now)
        return settle(result)

    async def stop(self, signed_in: SignedIn, passkey: PasskeyId, now: datetime) -> None:
        """Stop one of the account's own passkeys, whatever its state; a second time nothing happens.

        Raises:
            NotEntitled: it is no passkey of this account; never said whether it exists.

        """
        desk = self.desk
        account = await desk.account.accounts.find(signed_in.account)
        found = await desk.passkeys.find(passkey)
        if account is None or found is None or found.account != account.id:
            raise NotEntitled
        async with desk.account.units.begin() as unit:
            before: list[Passkey] = []

            def change(kept: Passkey) -> Passkey:
                before[:] = [kept]
                return kept.stopped(BY_PERSON, now)

            await desk.passkeys.change(unit, passkey, change)
            if before and before[0].status is not PasskeyStatus.STOPPED:
                await stopped(desk, unit, Stop(passkey=before[0], account=account, why=BY_PERSON), now)

    async def _fresh(self, signed_in: SignedIn, now: datetime) -> Account:
        desk = self.desk.account
        if await OwnAccount(desk=desk).login_needed(signed_in, now) is not None:
            raise LevelNotProven
        return check_open(await desk.accounts.find(signed_in.account))

    async def _taken(self, signed_in: SignedIn, visitor: Visitor, now: datetime) -> Registration:
        """Take what was asked, whoever answers, and count the try."""
        desk, key = self.desk, str(signed_in.account)
        async with desk.account.units.begin() as unit:
            taken = await desk.memory.registrations.take(unit, key, now)
            refusal = await desk.account.tallies.count(unit, f"passkeys:{key}", desk.policy.additions, now)
        if taken is None:
            raise OneTimeGone
        visitor.check_browser(taken.browser)
        if refusal is not None:
            raise refusal
        return taken

    def _made(self, name: str, registration: Registration, created: Created, now: datetime) -> Passkey:
        return Passkey(
            id=PasskeyId(self.desk.account.ids.uuid()),
            account=registration.account,
            means=registration.means,
            status=PasskeyStatus.ACTIVE,
            name=name,
            level=registration.level,
            credential=created.credential,
            public_key=created.public_key,
            handle=registration.handle,
            count=created.seen.count,
            eligible=created.seen.eligible,
            backed_up=created.seen.backed_up,
            model=created.model,
            attested=created.attested,
            transports=created.transports,
            since=now,
        )

    async def _added(self, unit: Unit, new: _New, now: datetime) -> Passkey | Refusal:
        """Hold the account, so that two at once are both counted, and keep the passkey."""
        desk, passkey, account = self.desk, new.passkey, new.account
        since = new.registration.signed_in_at

        def unchanged(kept: Account) -> Account | Refusal:
            withdrawn = kept.proofs_from is not None and since < kept.proofs_from
            closed = kept.status is not account.status
            return AccountClosed("withdrawn meanwhile") if closed or withdrawn else kept

        held = await desk.account.accounts.change(unit, account.id, unchanged)
        if held is None or isinstance(held, Refusal):
            return held or AccountClosed()
        if len(await desk.passkeys.of_account(account.id)) >= desk.policy.passkeys_most:
            return PasskeyRefused(why=Why.TOO_MANY)
        if not await desk.passkeys.add(unit, passkey):
            return PasskeyRefused("somebody has this credential", why=Why.KNOWN)
        event = PasskeyAdded(
            at=now,
            means=passkey.means,
            person=personal(account),
            before=None,
            after=passkey.told,
            bond=passkey.bond.value,
            model=passkey.model,
        )
        await desk.account.trail.record(unit, event)
        told = Told(account, new.to, SmsPurpose.PASSKEY_ADDED, LetterPurpose.PASSKEY_ADDED)
        await tell(desk.account, unit, told, now)
        return passkey


def _handle(known: tuple[Passkey, ...], pending: Registration | None) -> bytes:
    """Return the number by which devices know this account already, so that one keeps one passkey for it."""
    if known:
        return known[0].handle
    return pending.handle if pending else b""
