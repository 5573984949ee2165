"""The account as kept, what may become of it, and what its store promises."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NewType, Protocol
from uuid import UUID

from toegang.assurance import Level
from toegang.errors import AccountClosed
from toegang.hot import hot
from toegang.identity.people import PersonId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.errors import Refusal
    from toegang.units import Unit

AccountId = NewType("AccountId", UUID)


class Status(enum.StrEnum):
    """Where an account is in its life."""

    REQUESTED = "requested"  # the letter is on its way
    ACTIVE = "active"
    SUSPENDED = "suspended"  # stopped by its person, for as long as they want
    LOCKED = "locked"  # misuse was reported: a new password by letter opens it
    BLOCKED = "blocked"  # stopped by us
    HELD = "held"  # its person is held (identity/holds.py); then it is again what it was
    ENDED = "ended"


RECOVERABLE: Final = frozenset({Status.ACTIVE, Status.SUSPENDED, Status.LOCKED})
"""What works, or would after a recovery by its person."""


class Act(enum.StrEnum):
    """What can be done to an account."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    LOCK = "lock"
    BLOCK = "block"
    UNBLOCK = "unblock"
    RECOVER = "recover"
    HOLD = "hold"
    RELEASE = "release"
    END = "end"


NEXT: Final[Mapping[tuple[Status, Act], Status]] = MappingProxyType(
    {
        (Status.REQUESTED, Act.ACTIVATE): Status.ACTIVE,
        (Status.ACTIVE, Act.SUSPEND): Status.SUSPENDED,
        (Status.ACTIVE, Act.LOCK): Status.LOCKED,
        (Status.SUSPENDED, Act.LOCK): Status.LOCKED,
        (Status.ACTIVE, Act.RECOVER): Status.ACTIVE,
        (Status.SUSPENDED, Act.RECOVER): Status.ACTIVE,
        (Status.LOCKED, Act.RECOVER): Status.ACTIVE,
        (Status.ACTIVE, Act.BLOCK): Status.BLOCKED,
        (Status.SUSPENDED, Act.BLOCK): Status.BLOCKED,
        (Status.LOCKED, Act.BLOCK): Status.BLOCKED,
        # Reactivation asks the same proof as issuing did (eIDAS-2015/1502-2.2.3): a letter.
        (Status.BLOCKED, Act.UNBLOCK): Status.LOCKED,
        # What it goes back to stands in `held_from`.
        **{(status, Act.HOLD): Status.HELD for status in Status if status not in {Status.HELD, Status.ENDED}},
        # Ending is never refused.
        **{(status, Act.END): Status.ENDED for status in Status},
    }
)

WHILE_HELD: Final = frozenset({Act.LOCK, Act.BLOCK, Act.UNBLOCK})
"""What is done to an account that is held too: to what it will be again."""


@hot(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. `person` is None for an application that fitted nobody: it can never be activated.

    `name` is the keyed hash of the canonical user name, `password` a peppered Argon2id hash, `number`
    the sealed telephone number; all three are gone when the account has ended, while the person stays,
    so that the same person keeps the same pseudonyms. `failures` counts wrong passwords and codes in a
    row. What was proven before `proofs_from` counts no more. `checked_at` is when the population
    register last said that the person is alive. `held_from` is what an account that is held will be again.
    `notices` is how its person wants to be told what happens with it (ways.Ways), `mail` the sealed address
    for that, `large_print` whether their letters are in large print: it may tell of their health, so the end
    erases it.
    """

    id: AccountId
    person: PersonId | None
    status: Status
    name: bytes | None = field(repr=False)
    password: str | None = field(repr=False)
    language: str
    since: datetime
    until: datetime | None = None
    number: bytes | None = field(default=None, repr=False)
    number_since: datetime | None = None
    failures: int = 0
    activated_at: datetime | None = None
    last_used_at: datetime | None = None
    proofs_from: datetime | None = None
    checked_at: datetime | None = None
    ended_at: datetime | None = None
    held_from: Status | None = None
    notices: str = "text"
    large_print: bool = False
    mail: bytes | None = field(default=None, repr=False)

    def after(self, act: Act) -> Account | Refusal:
        """Return the account after `act`, or why that may not be; the table NEXT decides."""
        if self.held_from is not None and act in WHILE_HELD:
            within = replace(self, status=self.held_from, held_from=None).after(act)
            if not isinstance(within, Account):
                return within
            return replace(self, held_from=within.status)
        if act is Act.RELEASE and self.held_from is not None:
            return replace(self, status=self.held_from, held_from=None)
        status = NEXT.get((self.status, act))
        if status is None:
            return AccountClosed(f"{act} while {self.status}")
        return replace(self, status=status, held_from=self.status if status is Status.HELD else None)

    def ended(self, now: datetime) -> Account:
        """GDPR-17: return the account as it stays after its end: without name, password and number."""
        return replace(
            self,
            status=Status.ENDED,
            held_from=None,
            name=None,
            password=None,
            number=None,
            number_since=None,
            large_print=False,
            mail=None,
            ended_at=self.ended_at or now,
            proofs_from=now,
        )

    def lapsed(self, now: datetime) -> bool:
        """Tell whether this application was not activated in time."""
        return self.status is Status.REQUESTED and self.until is not None and now >= self.until

    @property
    def reach(self) -> Level | None:
        """The highest level that the account can prove now; None when it cannot be used."""
        if self.status is not Status.ACTIVE:
            return None
        return Level.BASIC if self.number is None else Level.LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser that someone signed in to the account with; `token` is the hash of its cookie.

    `failures` counts wrong passwords in a row from this device.
    """

    account: AccountId
    token: bytes = field(repr=False)
    since: datetime
    last_used_at: datetime
    failures: int = 0


class AccountStore(Protocol):
    """Keeps accounts, for good. No two have one `name`; a person has at most one that was activated."""

    async def find(self, account: AccountId) -> Account | None:
        """Find by id."""
        ...

    async def find_by_name(self, name: bytes) -> Account | None:
        """Find by the keyed hash of the user name."""
        ...

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Return the person's accounts that have not ended, oldest first."""
        ...

    async def add(self, unit: Unit, account: Account, now: datetime) -> bool:
        """Keep a new account; False, keeping nothing, when the name is another's.

        The name of an application that lapsed is free: that one is ended in the same unit.
        """
        ...

    async def change(
        self,
        unit: Unit,
        account: AccountId,
        change: Callable[[Account], Account | Refusal],
    ) -> Account | Refusal | None:
        """Replace the account by `change(account)`, holding it against others meanwhile.

        The Refusal, writing nothing, when `change` returned one; None when there is no such account.
        """
        ...

    async def count_failure(self, unit: Unit, name: bytes) -> int | None:
        """Count one failure of the account with this name; return the new count, None without one."""
        ...

    async def lapse(self, unit: Unit, now: datetime, most: int) -> int:
        """Erase at most so many applications that were not activated in time; return how many.

        Nothing waits for it: a lapsed application is refused, and its name free, from its end on.
        """
        ...


class DeviceStore(Protocol):
    """Keeps the devices that accounts were used on."""

    async def known(self, name: bytes, token: bytes, since: datetime) -> Device | None:
        """Find the device of the account with this name, used at or after `since`."""
        ...

    async def of_account(self, account: AccountId) -> tuple[Device, ...]:
        """Return the account's devices, last used first."""
        ...

    async def remember(self, unit: Unit, device: Device, most: int) -> bool:
        """Keep the device or note that it was used, without failures; keep the `most` last used.

        True when it was not known.
        """
        ...

    async def count_failure(self, unit: Unit, device: Device, most: int) -> None:
        """Count one failure from the device; at `most` it is known no more."""
        ...

    async def forget(self, unit: Unit, account: AccountId, but: bytes = b"") -> None:
        """Forget the account's devices, except the one with token `but`."""
        ...

    async def forget_one(self, unit: Unit, account: AccountId, token: bytes) -> None:
        """Forget one device of the account; forgetting what is not there is no error."""
        ...


class Companions(Protocol):
    """What else belongs to an account and goes with it when it is stopped for good or for misuse."""

    async def stop_all(self, unit: Unit, account: Account, why: str, now: datetime) -> None:
        """Stop it all, whatever its state; a second time nothing happens."""
        ...


class LinkedMeans(Protocol):
    """Accounts at other parties that the person of an account linked to themselves."""

    async def end_all(self, unit: Unit, account: Account, why: str, now: datetime) -> bool:
        """End those that a login with the account may have made. True when there was one."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """Companions of several kinds, as one (Companions)."""

    kinds: tuple[Companions, ...]

    async def stop_all(self, unit: Unit, account: Account, why: str, now: datetime) -> None:
        """Stop those of every kind."""
        for each in self.kinds:
            await each.stop_all(unit, account, why, now)


def age(since: datetime | None, now: datetime) -> timedelta:
    """Return how long ago `since` was; for ever when it never was."""
    return timedelta.max if since is None else now - since
