"""Logging in with a passkey: what a page asks of the browser, and what is proven with its answer, once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toegang.audit.events import PasskeyChanged, PasskeyNotBelieved
from toegang.errors import (
    OneTimeGone,
    PasskeyRefused,
    Refusal,
    StepOutOfOrder,
    TooManyTries,
    settle,
)
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor
from toegang.means.citizen.desk import personal
from toegang.means.citizen.holding import died
from toegang.means.citizen.new_browser import noted
from toegang.means.citizen.opening import open_account
from toegang.means.citizen.records import Proven
from toegang.means.citizen.signing_in import is_same
from toegang.means.citizen.standing import seen_alive
from toegang.means.passkey import ceremonies
from toegang.means.passkey.standing import COPIED, Stop, stopped, tell_copied
from toegang.means.passkey.values import Passkey, PasskeyStatus, Why

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.jose.segments import JsonObject
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.passkey.desk import Asked, PasskeyDesk
    from toegang.means.passkey.values import Used
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One use of a passkey, believed as far as can be before the unit; `visitor` is whose browser it is."""

    login: str
    asked: Asked = field(repr=False)
    passkey: Passkey
    account: Account
    seen: Used
    visitor: Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggingIn:
    """The use cases of a login with a passkey; every one is bound to the login's browser."""

    desk: PasskeyDesk

    async def find(self, login: str, visitor: Visitor, now: datetime) -> Asked | None:
        """Return what a login asks; None when there is nothing to prove here.

        Raises:
            LoginElsewhere: another browser.

        """
        found = await self.desk.memory.asked.find(login, now)
        if found is not None:
            visitor.check_browser(found.browser)
        return found

    async def challenge(self, login: str, visitor: Visitor, now: datetime) -> JsonObject:
        """WEBAUTHN3-13.4.3: make the challenge of a page, in the place of any before it; return the question.

        Raises:
            OneTimeGone: there is nothing to prove here.
            LoginElsewhere: another browser.

        """
        desk, challenge = self.desk, self.desk.account.ids.token()
        visitor.check_browser((await desk.asked(login, now)).browser)
        async with desk.account.units.begin() as unit:
            until = now + desk.policy.challenge_lifetime
            await desk.memory.challenges.keep(unit, login, challenge, until)
        return ceremonies.ask_to_use(desk.site, challenge)

    async def prove(self, login: str, visitor: Visitor, answer: str, now: datetime) -> Proven:
        """WEBAUTHN3-7.2: prove who it is by what their browser answered.

        1. the login asks it, of this browser; 2. the challenge of its page is taken, whatever the answer is;
        3. the passkey that it names is one of this means, and proves the answer; 4. means, passkey and
        account may be used, its person lives, and nobody else was known in this login; 5. in one unit: the
        counter went on, the flags are possible, its bond is admitted, and nothing was proven before.

        Raises:
            OneTimeGone: there is nothing to prove, or the page was answered, or is too old.
            LoginElsewhere: another browser.
            TooManyTries: too many answers from this network were refused.
            PasskeyRefused: it is not believed, or may not be used.
            AccountClosed, PartyClosed, Unavailable: as every login.

        """
        desk = self.desk
        # 1.
        asked = await desk.asked(login, now)
        visitor.check_browser(asked.browser)
        # 2.
        challenge = await self._taken(login, visitor, now)
        # 3.
        try:
            passkey, seen = await self._believed(asked, challenge, answer)
            # 4.
            refusal = passkey.refusal
            if refusal is not None:
                raise refusal
        except PasskeyRefused as refusal:
            await self._refused(asked, visitor, refusal, now)
            raise
        desk.worth(asked.means, now)
        account = await open_account(desk.account, passkey.account, now)
        if not is_same(asked.known_subject, account):
            other = PasskeyRefused(why=Why.OTHER_PERSON)
            await self._refused(asked, visitor, other, now)
            raise other
        alive = await seen_alive(desk.account, account, now)
        # 5.
        use = _Use(
            login=login, asked=asked, passkey=passkey, account=alive or account, seen=seen, visitor=visitor
        )
        async with desk.account.units.begin() as unit:
            if alive is None:
                result: Proven | Refusal = await died(desk.account, unit, account, now)
            else:
                result = await self._used(unit, use, now)
        if isinstance(result, PasskeyRefused) and result.why == Why.COPIED:
            await tell_copied(desk, account, now)
        return settle(result)

    async def _taken(self, login: str, visitor: Visitor, now: datetime) -> str:
        """Take the challenge, unless answers from this network were refused too often."""
        desk = self.desk
        tallies, limit = desk.account.tallies, desk.policy.failures
        wait = await tallies.wait(_tally(visitor), limit, now) if visitor.network else 0
        if wait:
            raise TooManyTries(wait, "passkeys")
        async with desk.account.units.begin() as unit:
            challenge = await desk.memory.challenges.take(unit, login, now)
        if challenge is None:
            raise OneTimeGone
        return challenge

    async def _believed(self, asked: Asked, challenge: str, answer: str) -> tuple[Passkey, Used]:
        unproven = ceremonies.read(answer)
        found = await self.desk.passkeys.find_by_credential(unproven.credential)
        if found is None or found.means != asked.means:
            raise PasskeyRefused(why=Why.UNKNOWN)
        return found, ceremonies.check_used(unproven, self.desk.site, challenge, found)

    async def _used(self, unit: Unit, use: _Use, now: datetime) -> Proven | Refusal:
        """Note the use, holding the passkey; a copied one is stopped."""
        desk = self.desk
        before: list[Passkey] = []

        def used(kept: Passkey) -> Passkey | Refusal:
            before[:] = [kept]
            after = _after(kept, use.seen, now)
            if isinstance(after, Refusal) or after.refusal is not None:
                return after
            return replace(after, told=desk.level_of(after, now))

        after = await desk.passkeys.change(unit, use.passkey.id, used)
        if after is None or isinstance(after, Refusal):
            await self._record(
                unit, use, after.why if isinstance(after, PasskeyRefused) else Why.UNKNOWN, now
            )
            return after or PasskeyRefused(why=Why.UNKNOWN)
        if after.status is PasskeyStatus.STOPPED:
            await self._record(unit, use, Why.COPIED, now)
            await stopped(desk, unit, Stop(passkey=before[0], account=use.account, why=COPIED), now)
            return PasskeyRefused(why=Why.COPIED)
        changed = _changed(_Change(use.account, before[0], after), now)
        if changed is not None:
            await desk.account.trail.record(unit, changed)
        if after.told is None:
            await self._record(unit, use, Why.NOT_ADMITTED, now)
            return PasskeyRefused(why=Why.NOT_ADMITTED)
        if await desk.memory.asked.take(unit, use.login, now) is None:
            return StepOutOfOrder()
        account = use.account
        device = await noted(desk.account, unit, account, use.visitor, now)
        proven = Authentication(
            subject=Subject(issuer=desk.account.means, identifier=str(account.id), person=account.person),
            means=after.means,
            level=after.told,
            at=now,
            factors=(Factor.PASSKEY,),
            authenticator=str(after.id),
        )
        return Proven(authentication=proven, device=device)

    async def _refused(self, asked: Asked, visitor: Visitor, refusal: PasskeyRefused, now: datetime) -> None:
        """Count and record an answer that proves nobody."""
        desk = self.desk
        async with desk.account.units.begin() as unit:
            if visitor.network:
                await desk.account.tallies.count(unit, _tally(visitor), desk.policy.failures, now)
            event = PasskeyNotBelieved(at=now, means=asked.means, reference=asked.reference, why=refusal.why)
            await desk.account.trail.record(unit, event)

    async def _record(self, unit: Unit, use: _Use, why: str, now: datetime) -> None:
        event = PasskeyNotBelieved(
            at=now,
            means=use.asked.means,
            person=personal(use.account),
            reference=use.asked.reference,
            why=why,
        )
        await self.desk.account.trail.record(unit, event)


@dataclass(frozen=True, slots=True)
class _Change:
    """A passkey of an account before and after a use."""

    account: Account
    before: Passkey
    after: Passkey


def _changed(change: _Change, now: datetime) -> PasskeyChanged | None:
    """Say what a passkey turned out to be worth, where that is something else than was said before."""
    before, after = change.before, change.after
    if (before.told, before.bond) == (after.told, after.bond):
        return None
    return PasskeyChanged(
        at=now,
        means=after.means,
        person=personal(change.account),
        before=before.told,
        after=after.told,
        bond_before=before.bond.value,
        bond=after.bond.value,
    )


def _after(kept: Passkey, seen: Used, now: datetime) -> Passkey | Refusal:
    """Return a passkey after a use of which the signature held, looking at it as it is kept now."""
    if kept.refusal is not None:
        return kept.refusal
    return kept.stopped(COPIED, now) if kept.is_copied(seen.count) else kept.used(seen, now)


def _tally(visitor: Visitor) -> str:
    return f"passkey-refused:{visitor.network}"
