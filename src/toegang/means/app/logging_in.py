"""Logging in with an app: it confirms or refuses what it showed; the page's own browser takes the proof."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.audit.events import AppLoginRefused
from toegang.catalogue.values import Text
from toegang.errors import (
    AccountClosed,
    AppClosed,
    LevelNotProven,
    LoginElsewhere,
    NotEntitled,
    OneTimeGone,
    ProofInvalid,
    Refusal,
    StepOutOfOrder,
    settle,
)
from toegang.identity.subject import Subject
from toegang.means.app import statements
from toegang.means.app.pairing import Action, Flow, Pairing, State
from toegang.means.app.standing import COPIED, Stop, check_active, stopped, tell_copied
from toegang.means.app.statements import About, Act, Statement
from toegang.means.app.trying import PinTry, missed
from toegang.means.app.values import App, AppStatus
from toegang.means.base import Authentication, Factor
from toegang.means.citizen.desk import personal
from toegang.means.citizen.holding import died
from toegang.means.citizen.opening import reopened
from toegang.means.citizen.signing_in import is_same
from toegang.means.citizen.standing import check_open, seen_alive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Unproven
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

LEVELS: Mapping[Level, Text] = {
    Level.MINIMAL: Text(nl="minimaal", en="minimal"),
    Level.BASIC: Text(nl="basis", en="basic"),
    Level.LOW: Text(nl="midden", en="medium"),
    Level.SUBSTANTIAL: Text(nl="substantieel", en="substantial"),
    Level.HIGH: Text(nl="hoog", en="high"),
}
"""What an app shows of a level, and signs."""

LANGUAGES = frozenset({"nl", "en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What an app gets for a confirmation: its next turn, and the ticket to come back with (same device)."""

    turn: str = field(repr=False)
    login: str
    ticket: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What a statement is about: a login's pairing, the app that made it, and whose that is."""

    id: str
    pairing: Pairing
    app: App
    account: Account | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """One confirmation, verified as far as can be before the unit."""

    id: str
    pairing: Pairing
    pin: PinTry


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggingIn:
    """The use cases of a login with an app."""

    desk: AppDesk

    async def confirm(self, session: str, unproven: Unproven, now: datetime) -> Confirmed:
        """ASVS-6.6.2: confirm a login with device and PIN; each wrong PIN of the right device counts.

        1. the session is a login's, and open; 2. the device key of this very app signed its challenge;
        3. what was shown is what the login asks; 4. means and account may be used, its person lives, and
        nobody else was known in this login; 5. in one unit: the session is at this step, the app may be used,
        the PIN was right or is counted, and the turn is in order.

        Raises:
            OneTimeGone, StepOutOfOrder, ProofInvalid, NotEntitled, PartyClosed, AccountClosed, AppClosed,
            PinWrong.

        """
        desk = self.desk
        # 1. and 2.
        stated, statement = await self._stated(session, unproven, Act.CONFIRM, now)
        pairing, app = stated.pairing, stated.app
        # 3.
        _check_shown(statement, pairing)
        # 4.
        desk.check_means(pairing.means, now)
        owner = stated.account
        account = check_open(owner and await reopened(desk.account, owner, now))
        known = pairing.asked.known_subject if pairing.asked else None
        if not is_same(known, account) or app.means != pairing.means:
            message = "the app is somebody else's than this login's, or of another means"
            raise NotEntitled(message)
        alive = await seen_alive(desk.account, account, now)
        tried = PinTry.of(desk, app, alive or account, statement)
        made = _Try(id=stated.id, pairing=pairing, pin=tried)
        # 5.
        async with desk.account.units.begin() as unit:
            if alive is None:
                result: Confirmed | Refusal = await died(desk.account, unit, account, now)
            else:
                result = await self._tried(unit, made, now)
        if isinstance(result, AppClosed) and result.detail == COPIED:
            await tell_copied(desk, account, now)
        return settle(result)

    async def refuse(self, session: str, unproven: Unproven, now: datetime, *, misuse: bool) -> None:
        """Refuse a login: "this is not me"; no PIN is asked, and a blocked app may refuse too.

        With `misuse` a browser that called the app knows it no more.

        Raises:
            OneTimeGone, StepOutOfOrder, ProofInvalid: as every statement.

        """
        desk = self.desk
        stated, _ = await self._stated(session, unproven, Act.REFUSE, now)
        pairing = stated.pairing
        async with desk.account.units.begin() as unit:
            after = await desk.step(unit, stated.id, pairing, Action.REFUSE, now)
            if isinstance(after, Pairing):
                await desk.release(unit, pairing)
                if misuse and pairing.known:
                    await desk.memory.known.drop(unit, pairing.known)
                event = AppLoginRefused(
                    at=now,
                    means=pairing.means,
                    person=personal(stated.account),
                    reference=pairing.asked.reference if pairing.asked else "",
                    misuse=misuse,
                )
                await desk.account.trail.record(unit, event)
        settle(after)

    async def prove(self, login: str, visitor: Visitor, now: datetime) -> Authentication:
        """Take, once, what was confirmed on another device; only the login's own browser can.

        Raises:
            OneTimeGone: nothing under way.
            LoginElsewhere: another browser.
            StepOutOfOrder: not confirmed yet, or taken already.
            LevelNotProven: the app is not worth what the login asks; it can be raised, and this tried again.
            AccountClosed, AppClosed: closed since it was confirmed.

        """
        kept = await self._own(login, visitor, now)
        return await self._proven(login, kept, Action.PROVE, now)

    async def come_back(self, login: str, visitor: Visitor, ticket: str, now: datetime) -> Authentication:
        """Take what was confirmed on this device, in the browser that began it (RFC10027).

        In any other browser nothing is proven, the ticket is gone, and the login's own browser is told.

        Raises:
            LoginElsewhere: another browser came back.
            OneTimeGone, StepOutOfOrder, LevelNotProven, AccountClosed, AppClosed: as `prove`.

        """
        kept = await self.desk.memory.pairings.find(login, now)
        if kept is None or not hmac.compare_digest(kept.ticket, _hash(ticket)):
            raise OneTimeGone
        try:
            visitor.check_browser(kept.browser)
        except LoginElsewhere:
            async with self.desk.account.units.begin() as unit:
                await self.desk.step(unit, login, kept, Action.STRAY, now, ticket="")
            raise
        over = kept.confirmed_at is None or now >= kept.confirmed_at + self.desk.policy.ticket_lifetime
        if over and kept.state is State.APPROVED:
            raise OneTimeGone
        return await self._proven(login, kept, Action.RETURN, now)

    async def _own(self, login: str, visitor: Visitor, now: datetime) -> Pairing:
        kept = await self.desk.memory.pairings.find(login, now)
        if kept is None:
            raise OneTimeGone
        visitor.check_browser(kept.browser)
        return kept

    async def _stated(
        self, session: str, unproven: Unproven, act: Act, now: datetime
    ) -> tuple[_Stated, Statement]:
        """Find the login of a session, and check that an app's device key made this statement about it."""
        id_, pairing = await self.desk.of_session(session, now)
        if pairing.flow is not Flow.LOGIN:
            message = "an activation is no login"
            raise StepOutOfOrder(message)
        app, account = await self.desk.stated_by_owned(unproven)
        if pairing.called not in {None, app.id}:
            message = "the login called another app"
            raise ProofInvalid(message)
        about = About(issuer=self.desk.issuer, act=act, session=session, challenge=pairing.challenge)
        stated = _Stated(id=id_, pairing=pairing, app=app, account=account)
        return stated, statements.check_device(unproven, app.device_key, str(app.id), about)

    async def _tried(self, unit: Unit, made: _Try, now: datetime) -> Confirmed | Refusal:
        """Count the try, and confirm when the PIN was right; the session is held first, then the app.

        Both in one question: of a session that is over, or elsewhere, nothing of the app changes.
        """
        desk, tried = self.desk, made.pin
        held = await desk.memory.pairings.hold_along(unit, made.id, now)

        def used(app: App) -> App | Refusal:
            possible = _possible(held(), made)
            return possible if isinstance(possible, Refusal) else tried.used(app, desk.policy.pin_tries, now)

        after = await desk.apps.change(unit, tried.app.id, used)
        possible = _possible(held(), made)
        if isinstance(possible, Refusal):
            return possible
        if after is None or isinstance(after, Refusal):
            return after or OneTimeGone()
        if after.status is AppStatus.STOPPED:
            await stopped(desk, unit, Stop(app=tried.app, account=tried.account, why=COPIED), now)
            return AppClosed(AppStatus.STOPPED.value, COPIED)
        if not tried.right:
            return await self._missed(unit, made, after, now)
        ticket = desk.account.ids.token() if possible.state is State.APPROVED else ""
        changes = {"app": after.id, "account": after.account, "confirmed_at": now}
        confirmed = replace(possible, ticket=_hash(ticket) if ticket else "", **changes)  # type: ignore[arg-type]
        await desk.memory.pairings.rewrite(unit, made.id, confirmed)
        await desk.watcher.changed(unit, made.id, now)
        return Confirmed(turn=tried.fresh, login=made.id, ticket=ticket)

    async def _missed(self, unit: Unit, made: _Try, after: App, now: datetime) -> Refusal:
        """Count a wrong PIN; the page is told of the block that the last one is."""
        reference = made.pairing.asked.reference if made.pairing.asked else None
        wrong = await missed(self.desk, unit, made.pin, after, now, reference=reference)
        if after.status is AppStatus.BLOCKED:
            await self.desk.step(unit, made.id, made.pairing, Action.BLOCK, now)
        return wrong

    async def _proven(self, login: str, kept: Pairing, action: Action, now: datetime) -> Authentication:
        """Take the proof; the account and the app must still be open, and nothing withdrawn since."""
        desk, confirmed = self.desk, kept.confirmed_at
        possible = settle(kept.after(action))
        if confirmed is None or possible.app is None:
            raise StepOutOfOrder
        found, owner = await desk.apps.find_owned(possible.app)
        app = check_active(found)
        account = check_open(owner and await reopened(desk.account, owner, now))
        if account.proofs_from is not None and confirmed < account.proofs_from:
            raise AccountClosed
        too_low = kept.asked is not None and app.level < kept.asked.required
        async with desk.account.units.begin() as unit:
            if not too_low:
                after = await desk.step(unit, login, kept, action, now, ticket="")
            elif action is Action.RETURN:
                after = await desk.step(unit, login, kept, Action.KEEP, now, ticket="")
            else:
                after = kept
        settle(after)
        if too_low:
            raise LevelNotProven
        return Authentication(
            subject=Subject(issuer=desk.account.means, identifier=str(account.id), person=account.person),
            means=kept.means,
            level=app.level,
            at=confirmed,
            factors=(Factor.APP,),
            authenticator=str(app.id),
        )


def shown(pairing: Pairing) -> Mapping[str, Text]:
    """Return the texts of a login that an app shows and signs."""
    asked = pairing.asked
    if asked is None:
        return {}
    return {"provider": asked.provider, "service": asked.service, "level": LEVELS[asked.required]}


def _possible(kept: Pairing | None, made: _Try) -> Pairing | Refusal:
    """Return a session as it is once confirmed, or why it may not be: it is over, another's, or elsewhere."""
    if kept is None or not hmac.compare_digest(kept.challenge, made.pairing.challenge):
        return OneTimeGone()
    return kept.after(Action.CONFIRM)


def _check_shown(statement: Statement, pairing: Pairing) -> None:
    """Refuse a confirmation of anything else than what was shown: what you see is what you sign."""
    language = statement.text("language")
    if language not in LANGUAGES:
        message = "shown in a language that we do not have"
        raise ProofInvalid(message)
    for member, text in shown(pairing).items():
        if statement.text(member) != text[language]:
            message = f"another {member} was confirmed than is asked"
            raise ProofInvalid(message)


def _hash(ticket: str) -> str:
    return sha256(ticket.encode()).hexdigest()
