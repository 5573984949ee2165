"""Calling an app: a browser in which it was used before asks for it, and the app asks what waits (L07, L08).

Being called proves nothing and shows nothing: the app is told that a login waits, and gets to see it only
after its person typed the number that the page shows. One login calls an app at a time, three in a quarter
of an hour; who says "this is not me" is not called from that browser any more.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.audit.events import AppBrowserKnown, AppCalled, AppNumberWrong
from toegang.errors import (
    CredentialsWrong,
    NotEntitled,
    OneTimeGone,
    ProofInvalid,
    Refusal,
    TooManyTries,
    settle,
)
from toegang.means.app import statements
from toegang.means.app.pairing import Action, Pairing, State, Whereabouts
from toegang.means.app.policy import MATCH_DIGITS
from toegang.means.app.standing import check_app
from toegang.means.app.statements import About, Act
from toegang.means.app.values import App, AppId
from toegang.means.citizen.account import Account
from toegang.means.citizen.desk import personal
from toegang.means.citizen.opening import open_account
from toegang.post.push import Pushed

if TYPE_CHECKING:
    from toegang.catalogue.values import Text
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Unproven
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What an app gets that asks what waits: a session that shows nothing yet."""

    session: str = field(repr=False)
    challenge: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One call of an app by a page."""

    id: str
    kept: Pairing
    app: App
    account: Account
    known: str = field(repr=False)
    place: Whereabouts
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """The use cases of a browser that knows an app, and of the app that is called."""

    desk: AppDesk

    async def knows(self, secret: str, now: datetime) -> bool:
        """Tell whether a browser with this secret knows an app that can be called."""
        named = await self._named(secret, now)
        found = await self.desk.apps.find(named) if named else None
        return found is not None and found.refusal is None

    async def call(self, id_: str, visitor: Visitor, secret: str, browser: Text, now: datetime) -> Pairing:
        """Call the app that this browser knows; the page then shows a number that is typed in the app.

        Raises:
            OneTimeGone: the browser knows none for this login, or the login is over.
            TooManyTries: it was called too often, or another login calls it now.
            AppClosed, AccountClosed, PartyClosed: it cannot be used now.
            LoginElsewhere, StepOutOfOrder: as every step.

        """
        desk = self.desk
        kept, named = await desk.memory.pairings.find(id_, now), await self._named(secret, now)
        if kept is None or named is None:
            raise OneTimeGone
        visitor.check_browser(kept.browser)
        desk.check_means(kept.means, now)
        app = await check_app(desk, named)
        if app.means != kept.means:
            raise OneTimeGone
        call = _Call(
            id=id_,
            kept=kept,
            app=app,
            account=await open_account(desk.account, app.account, now),
            known=_hash(secret),
            place=Whereabouts(network=visitor.network, browser=browser, at=now),
            until=min(now + desk.policy.call_lifetime, kept.until),
        )
        async with desk.account.units.begin() as unit:
            result = await self._called(unit, call, now)
        return settle(result)

    async def waiting(self, ask: str, unproven: Unproven, now: datetime) -> Waits:
        """Tell an app whether a login waits for it; what it is comes after the number.

        Raises:
            OneTimeGone: none waits, or the challenge was used.
            ProofInvalid, AppClosed: as every statement.

        """
        desk, ids = self.desk, self.desk.account.ids
        app, _ = await desk.asked_by(ask, unproven, Act.WAITING, now)
        id_ = await desk.memory.called.find(str(app.id), now)
        session, challenge = ids.token(), ids.token()
        async with desk.account.units.begin() as unit:
            kept = await desk.memory.pairings.hold(unit, id_, now) if id_ else None
            if id_ is None or kept is None or kept.called != app.id or kept.session_until is None:
                after: Pairing | Refusal = OneTimeGone()
            else:
                after = await desk.step(unit, id_, kept, Action.ANSWER, now, challenge=challenge)
                await desk.memory.sessions.keep(unit, session, id_, kept.until)
        waits = settle(after)
        return Waits(session=session, challenge=challenge, until=waits.session_until or waits.until)

    async def match(self, session: str, unproven: Unproven, now: datetime) -> Pairing:
        """RFC10027: take the number that the page shows; then the app gets to see what waits.

        1. the session is of a login that called this very app, whose device key signed; 2. means, app and
        account may be used; 3. in one unit: the login still calls, and the number fits or is counted.

        Raises:
            CredentialsWrong: another number stands on the page.
            OneTimeGone: that was the last time, or the call is over.
            StepOutOfOrder, ProofInvalid, AppClosed, AccountClosed, PartyClosed: as every statement.

        """
        desk = self.desk
        # 1.
        id_, pairing = await desk.of_session(session, now)
        app = await desk.stated_by(unproven)
        if pairing.called != app.id:
            message = "the login called another app, or none"
            raise ProofInvalid(message)
        about = About(issuer=desk.issuer, act=Act.MATCH, session=session, challenge=pairing.challenge)
        statement = statements.check_device(unproven, app.device_key, str(app.id), about)
        # 2.
        desk.check_means(pairing.means, now)
        await check_app(desk, app.id)
        account = await open_account(desk.account, app.account, now)
        # 3.
        typed = statement.text("number")[:MATCH_DIGITS]
        async with desk.account.units.begin() as unit:
            result = await self._matched(unit, id_, (pairing, account, typed), now)
        return settle(result)

    async def remember(self, id_: str, visitor: Visitor, now: datetime) -> str:
        """Let the browser of a login that is done know the app that confirmed it, if its person asked that.

        Return the secret that it is known by from now on, once; empty where nothing is to be remembered.
        """
        desk, memory = self.desk, self.desk.memory
        kept = await memory.pairings.find(id_, now)
        if kept is None or kept.state is not State.DONE or not kept.remember or kept.app is None:
            return ""
        visitor.check_browser(kept.browser)
        secret, account = desk.account.ids.token(), None
        if kept.account is not None:
            account = await desk.account.accounts.find(kept.account)
        async with desk.account.units.begin() as unit:
            after = await memory.pairings.change(unit, id_, now, _once)
            if isinstance(after, Pairing):
                until = now + desk.policy.known_lifetime
                await memory.known.keep(unit, _hash(secret), str(kept.app), until)
                event = AppBrowserKnown(at=now, means=kept.means, person=personal(account))
                await desk.account.trail.record(unit, event)
        return secret if isinstance(after, Pairing) else ""

    async def forget(self, secret: str) -> None:
        """Let a browser know no app any more; never refused, and a second time nothing happens."""
        async with self.desk.account.units.begin() as unit:
            await self.desk.memory.known.drop(unit, _hash(secret))

    async def _named(self, secret: str, now: datetime) -> AppId | None:
        found = await self.desk.memory.known.find(_hash(secret), now) if secret else None
        return AppId(UUID(found)) if found else None

    async def _called(self, unit: Unit, call: _Call, now: datetime) -> Pairing | Refusal:
        """L07: count the call, see that it is the only one, take the step and tell the app."""
        desk, account, app = self.desk, self.desk.account, call.app
        possible = call.kept.after(Action.CALL)
        if isinstance(possible, Refusal):
            return possible
        refusal = await account.tallies.count(unit, f"app-call:{app.id}", desk.policy.calls, now)
        if refusal is not None:
            return refusal
        if not await desk.memory.called.add(unit, str(app.id), call.id, call.until, now):
            return TooManyTries(int(desk.policy.call_lifetime.total_seconds()), "another login calls the app")
        after = await desk.step(
            unit,
            call.id,
            call.kept,
            Action.CALL,
            now,
            place=call.place,
            called=app.id,
            known=call.known,
            number=account.ids.digits(MATCH_DIGITS),
            misses=0,
            session_until=call.until,
        )
        if isinstance(after, Refusal):
            await desk.memory.called.drop(unit, str(app.id))
            return after
        event = AppCalled(
            at=now,
            means=app.means,
            person=personal(call.account),
            reference=after.asked.reference if after.asked else "",
            pushed=await self._told(unit, call, now),
        )
        await account.trail.record(unit, event)
        return after

    async def _told(self, unit: Unit, call: _Call, now: datetime) -> bool:
        """Send the notice, where the app has a subscription at a push service that may be called."""
        subscription = self.desk.open_push(call.app)
        if subscription is None:
            return False
        try:
            pushed = Pushed(subscriber=str(call.app.id), subscription=subscription, until=call.until)
            await self.desk.push.send(unit, pushed, now)
        except NotEntitled:
            return False
        return True

    async def _matched(
        self, unit: Unit, id_: str, said: tuple[Pairing, Account, str], now: datetime
    ) -> Pairing | Refusal:
        desk, (before, account, typed) = self.desk, said
        kept = await desk.memory.pairings.hold(unit, id_, now)
        if kept is None or not hmac.compare_digest(kept.challenge, before.challenge):
            return OneTimeGone()
        possible = kept.after(Action.MATCH)
        if isinstance(possible, Refusal):
            return possible
        if not hmac.compare_digest(typed.encode(), kept.number.encode()):
            return await self._missed(unit, id_, kept, account, now)
        await desk.release(unit, kept)
        until, challenge = now + desk.policy.session_lifetime, desk.account.ids.token()
        return await desk.step(
            unit, id_, kept, Action.MATCH, now, challenge=challenge, session_until=until, number=""
        )

    async def _missed(self, unit: Unit, id_: str, kept: Pairing, account: Account, now: datetime) -> Refusal:
        """Count a wrong number; the last one ends the call."""
        desk, misses = self.desk, kept.misses + 1
        last = misses >= desk.policy.match_misses
        if last:
            await desk.release(unit, kept)
            reference = kept.asked.reference if kept.asked else ""
            event = AppNumberWrong(
                at=now, means=kept.means, person=personal(account), reference=reference, tries=misses
            )
            await desk.account.trail.record(unit, event)
        after = await desk.step(unit, id_, kept, Action.EXHAUST if last else Action.MISS, now, misses=misses)
        if isinstance(after, Refusal):
            return after
        return OneTimeGone("too many wrong numbers") if last else CredentialsWrong("another number")


def _once(kept: Pairing) -> Pairing | Refusal:
    return replace(kept, remember=False) if kept.remember else OneTimeGone()


def _hash(secret: str) -> str:
    return sha256(b"known app\0" + secret.encode()).hexdigest()
