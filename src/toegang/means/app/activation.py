"""Activating an app: a device key, then a PIN, and by ground at once or with the code of a letter.

The page is one of My account, entered a short while ago; how that login proved is the ground (pairing.Flow).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.audit.events import AppActivated, AppActivationRefused
from toegang.errors import (
    AccountClosed,
    AppClosed,
    NotEntitled,
    OneTimeGone,
    ProofInvalid,
    Refusal,
    StepOutOfOrder,
    settle,
)
from toegang.means.app import statements
from toegang.means.app.lettering import PURPOSE, Lettering, key_of, send_letter
from toegang.means.app.pairing import Action, Flow, Pairing
from toegang.means.app.standing import COPIED, Stop, stopped, tell_copied
from toegang.means.app.statements import About, Act
from toegang.means.app.values import App, AppId, AppStatus, Turned, turn_hash
from toegang.means.citizen.account import Account
from toegang.means.citizen.activation import try_letter_code
from toegang.means.citizen.desk import personal
from toegang.means.citizen.names import read_device_name
from toegang.means.citizen.standing import check_open
from toegang.means.citizen.telling import Told, tell
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Statement, Unproven
    from toegang.registers.population import Registered
    from toegang.units import Unit

NO_ACTIVATION = "a login is no activation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """What an app gets for its device key: its id, and the challenge for the next statement."""

    app: AppId
    challenge: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """What an app gets for its PIN or its letter's code; `challenge` and `until` while it is pending."""

    app: AppId
    status: AppStatus
    turn: str = field(repr=False)
    challenge: str = field(default="", repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """A new app whose keys were proven, the account that it is for, and whom a letter reaches."""

    id: str
    session: str = field(repr=False)
    pairing: Pairing
    app: App
    turn: str = field(repr=False)
    account: Account
    to: Registered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The use cases of an app that is activated."""

    desk: AppDesk

    async def key(self, session: str, device_key: bytes, unproven: Unproven, now: datetime) -> Keyed:
        """Take the device key of an app, proven by a statement that it signed; give the app its id.

        Raises:
            OneTimeGone, StepOutOfOrder, ProofInvalid: as every statement.

        """
        ids = self.desk.account.ids
        id_, pairing = await self._of_session(session, now)
        about = self._about(Act.KEY, session, pairing)
        statements.check_device(unproven, device_key, None, about)
        app, challenge = AppId(ids.uuid()), ids.token()
        changes = {"app": app, "device_key": device_key, "challenge": challenge}
        async with self.desk.account.units.begin() as unit:
            after = await self.desk.step(unit, id_, pairing, Action.KEY, now, **changes)
        settle(after)
        return Keyed(app=app, challenge=challenge)

    async def pin(self, session: str, unproven: Unproven, now: datetime) -> Activated:
        """Take the public PIN key, proven by both signatures: the app is active, or waits for its letter.

        1. the device key signed this, and the PIN key that it names signed the very same; 2. the account may
        still be used, and nothing was withdrawn since its person logged in; 3. in one unit: the session is at
        this step, the account has not too many apps, the app is kept, and its person is told.

        Raises:
            OneTimeGone, StepOutOfOrder, ProofInvalid: as every statement.
            NotEntitled: the account has as many apps as it may have.
            AccountClosed: the account was stopped, or proofs were withdrawn meanwhile.

        """
        desk, ids = self.desk, self.desk.account.ids
        id_, pairing = await self._of_session(session, now)
        if pairing.app is None or pairing.account is None:
            raise StepOutOfOrder
        # 1.
        about = self._about(Act.ACTIVATE, session, pairing)
        statement = statements.check_device(unproven, pairing.device_key, str(pairing.app), about)
        pin_key = statements.read_pin_key(statement.claims["pin_key"])
        statements.check_pin(statement, pin_key)
        # 2.
        account = check_open(await desk.account.accounts.find(pairing.account))
        turn = ids.token(16)
        app = App(
            id=pairing.app,
            account=account.id,
            means=pairing.means,
            status=AppStatus.PENDING if pairing.flow is Flow.BY_LETTER else AppStatus.ACTIVE,
            name=read_device_name(statement.text("name")),
            level=pairing.level,
            device_key=pairing.device_key,
            pin_key=desk.seal_pin_key(pairing.app, pin_key),
            turn=turn_hash(turn),
            since=now,
            activated_at=None if pairing.flow is Flow.BY_LETTER else now,
        )
        to = await desk.account.addressee(account)
        new = _New(id=id_, session=session, pairing=pairing, app=app, turn=turn, account=account, to=to)
        # 3.
        async with desk.account.units.begin() as unit:
            result = await self._added(unit, new, now)
        return settle(result)

    async def letter(self, session: str, unproven: Unproven, typed: str, now: datetime) -> Activated:
        """Take the code of a pending app's letter; a wrong one counts, and five end the letter.

        Raises:
            CredentialsWrong: another code stands in the letter.
            OneTimeGone: it was used, has expired, or was guessed at too often.
            StepOutOfOrder, ProofInvalid, AppClosed: as every statement.

        """
        desk = self.desk
        id_, pairing = await self._of_session(session, now)
        app = await desk.stated_by(unproven)
        if app.id != pairing.app:
            message = "the letter is another app's"
            raise ProofInvalid(message)
        statement = statements.check_device(
            unproven, app.device_key, str(app.id), self._about(Act.LETTER, session, pairing)
        )
        account = check_open(await desk.account.accounts.find(app.account))
        turn = desk.account.ids.token(16)
        async with desk.account.units.begin() as unit:
            result = await self._lettered(
                unit, _Guess(id_, pairing, app, account, statement, typed, turn), now
            )
        if isinstance(result, AppClosed) and result.detail == COPIED:
            await tell_copied(desk, account, now)
        return settle(result)

    async def late_letter(self, ask: str, unproven: Unproven, typed: str, now: datetime) -> Activated:
        """Take the code of a later letter, over a challenge of its own: the activation itself may be over.

        Raises:
            CredentialsWrong, OneTimeGone: as `letter`.
            StepOutOfOrder, ProofInvalid, AppClosed, AccountClosed: as every statement.

        """
        desk = self.desk
        app, statement = await desk.asked_by(ask, unproven, Act.LETTER, now, AppStatus.PENDING)
        account = check_open(await desk.account.accounts.find(app.account))
        guess = _Guess("", None, app, account, statement, typed, desk.account.ids.token(16))
        async with desk.account.units.begin() as unit:
            result = await self._lettered(unit, guess, now)
        if isinstance(result, AppClosed) and result.detail == COPIED:
            await tell_copied(desk, account, now)
        return settle(result)

    async def refuse(self, session: str, now: datetime) -> None:
        """End an activation in which nothing was added yet ("this is not me"), whatever is closed.

        Raises:
            OneTimeGone, StepOutOfOrder: it is over, or no activation.

        """
        id_, pairing = await self.desk.of_session(session, now)
        if pairing.flow is Flow.LOGIN:
            raise StepOutOfOrder(NO_ACTIVATION)
        account = await self.desk.account.accounts.find(pairing.account) if pairing.account else None
        async with self.desk.account.units.begin() as unit:
            after = await self.desk.step(unit, id_, pairing, Action.REFUSE, now)
            if isinstance(after, Pairing):
                event = AppActivationRefused(at=now, means=pairing.means, person=personal(account))
                await self.desk.account.trail.record(unit, event)
        settle(after)

    async def _of_session(self, session: str, now: datetime) -> tuple[str, Pairing]:
        id_, pairing = await self.desk.of_session(session, now)
        if pairing.flow is Flow.LOGIN:
            raise StepOutOfOrder(NO_ACTIVATION)
        self.desk.check_means(pairing.means, now)
        return id_, pairing

    def _about(self, act: Act, session: str, pairing: Pairing) -> About:
        return About(issuer=self.desk.issuer, act=act, session=session, challenge=pairing.challenge)

    async def _added(self, unit: Unit, new: _New, now: datetime) -> Activated | Refusal:
        desk, by_letter = self.desk, new.pairing.flow is Flow.BY_LETTER
        refusal = await self._refusal(unit, new)
        if refusal is not None:
            return refusal
        if not by_letter:
            after = await desk.step(unit, new.id, new.pairing, Action.PIN, now)
            if isinstance(after, Refusal):
                return after
            await desk.apps.add(unit, new.app)
            await self._activated(unit, new.app, new.account, now)
            told = Told(new.account, new.to, SmsPurpose.APP_ADDED, LetterPurpose.APP_ADDED)
            await tell(desk.account, unit, told, now)
            return Activated(app=new.app.id, status=AppStatus.ACTIVE, turn=new.turn)
        return await self._wait_for_letter(unit, new, now)

    async def _refusal(self, unit: Unit, new: _New) -> Refusal | None:
        """Hold the account, so that two apps at once are both counted; say why there may be no other."""
        desk, since = self.desk, new.pairing.signed_in_at

        def unchanged(kept: Account) -> Account | Refusal:
            withdrawn = kept.proofs_from is not None and (since is None or since < kept.proofs_from)
            closed = kept.status is not new.account.status
            return AccountClosed("withdrawn meanwhile") if closed or withdrawn else kept

        held = await desk.account.accounts.change(unit, new.account.id, unchanged)
        if held is None or isinstance(held, Refusal):
            return held or AccountClosed()
        others = await desk.apps.of_account(new.account.id)
        usable = [app for app in others if app.status in {AppStatus.ACTIVE, AppStatus.PENDING}]
        return NotEntitled("too many apps") if len(usable) >= desk.policy.apps_most else None

    async def _wait_for_letter(self, unit: Unit, new: _New, now: datetime) -> Activated | Refusal:
        """Send the letter whose code activates the app; the session lives as long as the letter's code."""
        desk, account, app = self.desk, self.desk.account, new.app
        if new.to is None:
            return NotEntitled("no letter reaches the person")
        limit = f"letters:{account.enrolment.found_by(new.to.bsn).hex()}"
        refusal = await account.tallies.count(unit, limit, account.policy.letters, now)
        if refusal is not None:
            return refusal
        code, hashed = account.posting.letter_code(PURPOSE, str(app.id), now)
        challenge, until = account.ids.token(), hashed.until
        changes = {"challenge": challenge, "session_until": until, "until": until}
        after = await desk.step(unit, new.id, new.pairing, Action.WRITE, now, **changes)
        if isinstance(after, Refusal):
            return after
        await desk.memory.pairings.extend(unit, new.id, until, now)
        await desk.memory.sessions.extend(unit, new.session, until, now)
        await desk.apps.add(unit, app)
        lettering = Lettering(app=app, account=new.account, to=new.to, code=code, hashed=hashed)
        await send_letter(desk, unit, lettering, now)
        return Activated(app=app.id, status=app.status, turn=new.turn, challenge=challenge, until=until)

    async def _lettered(self, unit: Unit, guess: _Guess, now: datetime) -> Activated | Refusal:
        desk, app, turn = self.desk, guess.app, guess.statement.turn
        over = await self._over(unit, guess, now)
        if over is not None:
            return over
        if app.status is not AppStatus.PENDING:
            return app.refusal or StepOutOfOrder()
        if app.order_of(turn) is Turned.COPIED:
            await desk.apps.change(unit, app.id, lambda held: held.stopped(COPIED, now))
            await stopped(desk, unit, Stop(app=app, account=guess.account, why=COPIED), now)
            return AppClosed(AppStatus.STOPPED.value, COPIED)
        hashed = desk.account.keys.code_hash.of(PURPOSE, str(app.id), guess.typed)
        fitted = await try_letter_code(desk.account, unit, key_of(app.id), hashed, now)
        if isinstance(fitted, Refusal):
            return fitted
        since = guess.account.proofs_from
        if since is not None and app.since < since:
            return OneTimeGone()
        active = await desk.apps.change(unit, app.id, lambda held: _active(held, guess, now))
        if active is None or isinstance(active, Refusal):
            return active or OneTimeGone()
        if guess.pairing is not None:
            await desk.step(unit, guess.id, guess.pairing, Action.LETTER, now)
        await self._activated(unit, active, guess.account, now)
        return Activated(app=app.id, status=active.status, turn=guess.fresh)

    async def _over(self, unit: Unit, guess: _Guess, now: datetime) -> Refusal | None:
        """Hold the activation that a guess belongs to, if any; say why it is no longer at its letter."""
        if guess.pairing is None:
            return None
        kept = await self.desk.memory.pairings.hold(unit, guess.id, now)
        possible = kept.after(Action.LETTER) if kept else OneTimeGone()
        return possible if isinstance(possible, Refusal) else None

    async def _activated(self, unit: Unit, app: App, account: Account, now: datetime) -> None:
        event = AppActivated(at=now, means=app.means, person=personal(account), before=None, after=app.level)
        await self.desk.account.trail.record(unit, event)


@dataclass(frozen=True, slots=True)
class _Guess:
    """One guess at the code of a letter; `fresh` is the turn that a right one answers.

    `pairing` is the activation that it belongs to, kept under `id`; None for a later letter.
    """

    id: str
    pairing: Pairing | None
    app: App
    account: Account
    statement: Statement
    typed: str
    fresh: str


def _active(held: App, guess: _Guess, now: datetime) -> App | Refusal:
    if held.status is not AppStatus.PENDING:
        return held.refusal or StepOutOfOrder()
    given = held.given(guess.statement.turn, guess.fresh, now)
    return replace(given, status=AppStatus.ACTIVE, activated_at=now, last_used_at=None)
