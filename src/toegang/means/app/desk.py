"""The desk of this room: the stores, keys and posts that its journeys work with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue import gate
from toegang.errors import OneTimeGone, PartyClosed, ProofInvalid, Refusal, StepOutOfOrder
from toegang.means.app.pairing import Pairing, State
from toegang.means.app.statements import About, check_device
from toegang.means.app.values import App, AppId, AppStatus
from toegang.post.push import Subscription

if TYPE_CHECKING:
    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans, MeansId
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.secret import SealingKey
    from toegang.means.app.pairing import Action
    from toegang.means.app.policy import AppPolicy
    from toegang.means.app.statements import Act, Statement, Unproven
    from toegang.means.app.values import AppStore
    from toegang.means.app.visits import Case
    from toegang.means.app.watching import Watcher
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.post.push import PushPost
    from toegang.units import Expiring, Unit

KIND = "app"  # the word for admissions in the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An app that waits to meet a page; kept under its secret. `misses` counts wrong numbers."""

    code: str = field(repr=False)
    until: datetime
    misses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a page shows for one contact (empty: an app on the same device), and the pairing that it opens."""

    pairing: str
    contact: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMemory:
    """What is remembered between steps; each store keeps one kind of record.

    `codes` knows, by the code that a contact shows, the hash of the contact. `waiting` knows tokens, and
    numbers under the contact that they are for. `sessions` knows of which pairing a session is. `asks` has
    the challenges that apps asked for by themselves; `known` which app a browser knows, by the hash of its
    secret; `called` which pairing called an app, by the app. `cases` are the visits to desks by their name,
    `desk_codes` which pairing the code of a desk opens.
    """

    pairings: Expiring[Pairing]
    contacts: Expiring[Contact]
    codes: Expiring[str]
    waiting: Expiring[Waiting]
    sessions: Expiring[str]
    asks: Expiring[str]
    known: Expiring[str]
    called: Expiring[str]
    cases: Expiring[Case]
    desk_codes: Expiring[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDesk:
    """Everything that the journeys of an app need; `account` is the desk of the account that it is of.

    `highest` is what an app can become: substantial where identity documents are checked, else low.
    """

    issuer: str
    account: Desk
    apps: AppStore
    memory: AppMemory
    watcher: Watcher
    catalogue: Catalogue
    sealing: SealingKey
    push: PushPost
    policy: AppPolicy
    highest: Level

    def admission(self, now: datetime) -> AdmittedMeans:
        """Return the app as it is admitted now.

        Raises:
            PartyClosed: it is not, or not now.

        """
        snapshot = self.catalogue.current
        for means in snapshot.all_means():
            if means.kind == KIND:
                return gate.open_means(snapshot, means.id, now)
        message = "no app is admitted"
        raise PartyClosed(message)

    def check_means(self, means: MeansId, now: datetime) -> None:
        """Refuse a means that is closed now.

        Raises:
            PartyClosed, UnknownParty: it is.

        """
        gate.open_means(self.catalogue.current, means, now)

    async def of_session(self, session: str, now: datetime) -> tuple[str, Pairing]:
        """Return the pairing that a session of an app is for, and its id.

        Whether the means is open is for the caller to check: refusing is possible when it is not.

        Raises:
            OneTimeGone: no such session, or over.

        """
        id_ = await self.memory.sessions.find(session, now)
        found = await self.memory.pairings.find(id_, now) if id_ else None
        if id_ is None or found is None or found.session_until is None or now >= found.session_until:
            raise OneTimeGone
        return id_, found

    async def stated_by(self, unproven: Unproven) -> App:
        """Return the app that a statement says that it is by; its key must still prove that.

        Raises:
            ProofInvalid: no such app.

        """
        return (await self.stated_by_owned(unproven))[0]

    async def stated_by_owned(self, unproven: Unproven) -> tuple[App, Account | None]:
        """Return it with the account that it is of; refuses as `stated_by` does."""
        try:
            found, account = await self.apps.find_owned(AppId(UUID(unproven.kid)))
        except ValueError:
            found, account = None, None
        if found is None or str(found.id) != unproven.kid:
            message = "no such app"
            raise ProofInvalid(message)
        return found, account

    async def asked_by(
        self,
        ask: str,
        unproven: Unproven,
        act: Act,
        now: datetime,
        status: AppStatus = AppStatus.ACTIVE,
    ) -> tuple[App, Statement]:
        """Take the challenge that an app asked for, and check that an app with this status signed it.

        Raises:
            OneTimeGone, ProofInvalid, Malformed: as `signed_by`.
            AppClosed, StepOutOfOrder: it has another status.
            PartyClosed: its means is closed now.

        """
        app, statement = await self.signed_by(ask, unproven, act, now)
        if app.status is not status:
            raise app.refusal or StepOutOfOrder()
        self.check_means(app.means, now)
        return app, statement

    async def signed_by(self, ask: str, unproven: Unproven, act: Act, now: datetime) -> tuple[App, Statement]:
        """Take the challenge that an app asked for, and check that an app signed it, whatever its state.

        Raises:
            OneTimeGone: no such challenge, used, or over.
            ProofInvalid, Malformed: none did.

        """
        async with self.account.units.begin() as unit:
            challenge = await self.memory.asks.take(unit, ask, now)
        if challenge is None:
            raise OneTimeGone
        app = await self.stated_by(unproven)
        about = About(issuer=self.issuer, act=act, session=ask, challenge=challenge)
        return app, check_device(unproven, app.device_key, str(app.id), about)

    async def release(self, unit: Unit, kept: Pairing) -> None:
        """Let the app that a login calls be free for others."""
        if kept.state is State.CALLED and kept.called is not None:
            await self.memory.called.drop(unit, str(kept.called))

    async def step(
        self, unit: Unit, id_: str, before: Pairing, action: Action, now: datetime, **changes: object
    ) -> Pairing | Refusal:
        """Take a step of a pairing, unless it took another since `before` was read; whoever waits is told."""
        kept = await self.memory.pairings.hold(unit, id_, now)
        same = kept and (kept.challenge, kept.contact, kept.app) == (
            before.challenge,
            before.contact,
            before.app,
        )
        return (
            await self.held_step(unit, id_, kept, action, now, **changes) if kept and same else OneTimeGone()
        )

    async def held_step(
        self, unit: Unit, id_: str, kept: Pairing, action: Action, now: datetime, **changes: object
    ) -> Pairing | Refusal:
        """Take a step of a pairing that this unit holds as `kept`; whoever waits is told."""
        after = kept.after(action, **changes)
        if isinstance(after, Pairing):
            await self.memory.pairings.rewrite(unit, id_, after)
            await self.watcher.changed(unit, id_, now)
        return after

    def seal_pin_key(self, app: AppId, public: bytes) -> bytes:
        """Seal the public PIN key of an app."""
        return self.sealing.seal(public, b"pin key " + app.bytes)

    def open_pin_key(self, app: App) -> bytes:
        """Open it."""
        return self.sealing.open(app.pin_key, b"pin key " + app.id.bytes)

    def seal_push(self, app: AppId, subscription: Subscription) -> bytes:
        """Seal the subscription of an app."""
        return self.sealing.seal(json.dumps(subscription.written()).encode(), b"push " + app.bytes)

    def open_push(self, app: App) -> Subscription | None:
        """Open it; None when it has none."""
        if app.push is None:
            return None
        written = json.loads(self.sealing.open(app.push, b"push " + app.id.bytes))
        return Subscription.parse(written["address"], written["key"], written["auth"])


def contact_hash(contact: str) -> str:
    """Hash the secret of a contact."""
    return sha256(contact.encode()).hexdigest()


OVER = frozenset({State.DONE, State.ENDED, State.SPENT, State.BLOCKED, State.REFUSED, State.STRAYED})
"""States in which a page starts anew when the login comes to it again."""
