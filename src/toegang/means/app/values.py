"""The app as kept, what may become of it, and what its store promises."""

from __future__ import annotations

import enum
import hmac
from dataclasses import field, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NewType, Protocol
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import AppClosed
from toegang.hot import hot
from toegang.means.citizen.account import AccountId

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.errors import Refusal
    from toegang.means.citizen.account import Account
    from toegang.units import Unit

AppId = NewType("AppId", UUID)


class AppStatus(enum.StrEnum):
    """Where an app is in its life."""

    PENDING = "pending"  # the letter with its code is on its way
    ACTIVE = "active"
    BLOCKED = "blocked"  # too many wrong PINs
    STOPPED = "stopped"  # by its person, with its account, or because it was copied


class Turned(enum.Enum):
    """What the turn of a statement tells: in order, or from a device that was copied."""

    IN_ORDER = enum.auto()
    COPIED = enum.auto()


@hot(frozen=True, slots=True, kw_only=True)
class App:
    """One app of one account, of the means that it was activated for.

    `device_key` is its public key (statements.py), `pin_key` the sealed public PIN key. `level` is what it
    may prove: never more than the login that it was activated with. `turn` is the hash of the turn that it
    was given last, `turn_before` of the one that it used to get it. `failures` counts wrong PINs in a row.
    `ended_by` says why it was stopped, as a short word. `push` is the sealed subscription by which it is told
    that a login waits; None without one. `checked_at` is when its person's
    identity document was checked with it, which made it substantial; None where that did not happen. What it
    was worth before that is `level_before`.
    """

    id: AppId
    account: AccountId
    means: MeansId
    status: AppStatus
    name: str = field(repr=False)
    level: Level
    device_key: bytes = field(repr=False)
    pin_key: bytes = field(repr=False)
    turn: bytes = field(repr=False)
    turn_before: bytes | None = field(default=None, repr=False)
    push: bytes | None = field(default=None, repr=False)
    failures: int = 0
    since: datetime
    activated_at: datetime | None = None
    last_used_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    checked_at: datetime | None = None
    level_before: Level | None = None

    @property
    def refusal(self) -> Refusal | None:
        """Why it may not be used now: the gate of this room; None when it may."""
        return None if self.status is AppStatus.ACTIVE else AppClosed(self.status.value)

    @property
    def reach(self) -> Level | None:
        """What it can prove now; None when it cannot be used."""
        return self.level if self.status is AppStatus.ACTIVE else None

    def missed(self, most: int) -> App:
        """NIST-SP800-63B-3.2.2: return it after a wrong PIN; the `most`-th in a row blocks it."""
        failures = self.failures + 1
        return replace(self, failures=failures, status=AppStatus.BLOCKED if failures >= most else self.status)

    def order_of(self, turn: str) -> Turned:
        """Tell whether `turn` is the last that was given, or the one before it while that was never used."""
        hashed = turn_hash(turn)
        known = [self.turn] if self.turn_before is None else [self.turn, self.turn_before]
        fits = [hmac.compare_digest(hashed, each) for each in known]
        return Turned.IN_ORDER if any(fits) else Turned.COPIED

    def given(self, used: str, fresh: str, now: datetime) -> App:
        """Return it after a statement with the turn `used`: `fresh` is next, and no PIN was wrong."""
        return replace(self, turn=turn_hash(fresh), turn_before=turn_hash(used), failures=0, last_used_at=now)

    def raised(self, now: datetime) -> App | Refusal:
        """eIDAS-2015/1502-2.1.2: return it after its person's document was checked: substantial."""
        before = self.level if self.checked_at is None else self.level_before
        level = max(self.level, Level.SUBSTANTIAL)
        return self.refusal or replace(self, level=level, checked_at=now, level_before=before)

    def lowered(self) -> App:
        """L16: return it as it was before a document was checked; a second time nothing changes."""
        if self.checked_at is None:
            return self
        level = min(self.level_before or Level.LOW, Level.LOW)
        return replace(self, level=level, checked_at=None, level_before=None)

    def stopped(self, why: str, now: datetime) -> App:
        """GDPR-17: return it stopped, for good, without its name and push; a second time nothing changes."""
        if self.status is AppStatus.STOPPED:
            return self
        return replace(self, status=AppStatus.STOPPED, name="", push=None, ended_at=now, ended_by=why)


class AppStore(Protocol):
    """Keeps apps, for good."""

    async def find(self, app: AppId) -> App | None:
        """Find by id."""
        ...

    async def find_owned(self, app: AppId) -> tuple[App | None, Account | None]:
        """Find by id, with the account that it is of, in one question."""
        ...

    async def of_account(self, account: AccountId) -> tuple[App, ...]:
        """Return the account's apps that were not stopped, oldest first."""
        ...

    async def add(self, unit: Unit, app: App) -> None:
        """Keep a new app."""
        ...

    async def change(
        self, unit: Unit, app: AppId, change: Callable[[App], App | Refusal]
    ) -> App | Refusal | None:
        """Replace the app by `change(app)`, holding it against others meanwhile.

        The Refusal, writing nothing, when `change` returned one; None when there is no such app.
        """
        ...

    async def stop_all(self, unit: Unit, account: AccountId, why: str, now: datetime) -> tuple[App, ...]:
        """Stop every app of the account that was not stopped; return them as they were before."""
        ...


def turn_hash(turn: str) -> bytes:
    """Hash a turn for keeping: who reads the database cannot use it."""
    return sha256(b"turn\0" + turn.encode()).digest()
