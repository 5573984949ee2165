"""The passkey as kept, what a use makes of it, and what its store promises."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NewType, Protocol
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import PasskeyRefused, Refusal
from toegang.means.citizen.account import AccountId

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.units import Unit

PasskeyId = NewType("PasskeyId", UUID)


class PasskeyStatus(enum.StrEnum):
    """Where a passkey is in its life."""

    ACTIVE = "active"
    STOPPED = "stopped"  # by its person, with its account, or because it was copied


class Bond(enum.StrEnum):
    """How a passkey is bound to one device, from loose to tight; what each is worth, the policy says."""

    SYNCED = "synced"  # kept by a provider, on as many devices as its person has there
    DEVICE_BOUND = "device-bound"  # on one device, as that device says itself
    ATTESTED = "attested"  # on one device, of a model that vouched for it


class Why(enum.StrEnum):
    """Why a passkey is refused (errors.PasskeyRefused)."""

    INVALID = "invalid"  # a check of WebAuthn failed
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    COPIED = "copied"  # its counter went back
    FLAGS = "flags"  # it says that it never could leave its device, and said otherwise before
    NOT_ADMITTED = "not-admitted"
    OTHER_PERSON = "other-person"  # in a step up
    KNOWN = "known"  # somebody registered it before
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a device said of its passkey when it was used (WEBAUTHN3-6.1.3, WEBAUTHN3-6.1.1)."""

    count: int
    eligible: bool
    backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey of one account, of the means that it was registered for.

    `credential` is its id, `public_key` its COSE key, `handle` the random number by which devices know the
    account. `level` is that of the login that it was registered with: it never proves more. `eligible` says
    whether it may leave its device, `backed_up` whether it did when last seen. `model` is the AAGUID, and
    `attested` says whether a certificate of that model vouched for it. `told` is what the trail last said it
    proves. `transports` are the ways to reach it, as a browser named them, and `ended_by` why it was stopped,
    as a short word.
    """

    id: PasskeyId
    account: AccountId
    means: MeansId
    status: PasskeyStatus
    name: str = field(repr=False)
    level: Level
    credential: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    count: int
    eligible: bool
    backed_up: bool
    model: str
    attested: bool
    told: Level | None = None
    transports: tuple[str, ...] = ()
    since: datetime
    last_used_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def bond(self) -> Bond:
        """How it is bound to a device, as far as is known now."""
        if self.eligible or self.backed_up:
            return Bond.SYNCED
        return Bond.ATTESTED if self.attested else Bond.DEVICE_BOUND

    @property
    def unattested(self) -> Passkey:
        """The same without a model that vouches for it: what it is when that model has fallen."""
        return replace(self, attested=False)

    @property
    def refusal(self) -> Refusal | None:
        """Why it may not be used now: the gate of this room; None when it may."""
        return None if self.status is PasskeyStatus.ACTIVE else PasskeyRefused(why=Why.STOPPED)

    def is_copied(self, count: int) -> bool:
        """WEBAUTHN3-7.2: tell whether its counter went back or stood still; who always says 0 has none."""
        return (count, self.count) != (0, 0) and count <= self.count

    def used(self, seen: Used, now: datetime) -> Passkey | Refusal:
        """WEBAUTHN3-7.2: return it after a use.

        What could leave its device once can always have done so: that is never taken back. What turns out to
        be able to, is synced from then on.
        """
        if self.eligible and not seen.eligible:
            return PasskeyRefused(why=Why.FLAGS)
        return replace(
            self, count=seen.count, eligible=seen.eligible, backed_up=seen.backed_up, last_used_at=now
        )

    def lowered(self) -> Passkey:
        """Return it as if it was added with a login of level low; a second time nothing changes."""
        told = None if self.told is None else min(self.told, Level.LOW)
        return replace(self, level=min(self.level, Level.LOW), told=told)

    def stopped(self, why: str, now: datetime) -> Passkey:
        """GDPR-17: return it stopped, for good, without its name; a second time nothing changes."""
        if self.status is PasskeyStatus.STOPPED:
            return self
        return replace(self, status=PasskeyStatus.STOPPED, name="", ended_at=now, ended_by=why)


class PasskeyStore(Protocol):
    """Keeps passkeys, for good. No two have one credential id."""

    async def find(self, passkey: PasskeyId) -> Passkey | None:
        """Find by id."""
        ...

    async def find_by_credential(self, credential: bytes) -> Passkey | None:
        """Find by the id that the device gave it."""
        ...

    async def of_account(self, account: AccountId) -> tuple[Passkey, ...]:
        """Return the account's passkeys that were not stopped, oldest first."""
        ...

    async def add(self, unit: Unit, passkey: Passkey) -> bool:
        """Keep a new passkey; False, keeping nothing, when its credential is known, stopped or not."""
        ...

    async def change(
        self, unit: Unit, passkey: PasskeyId, change: Callable[[Passkey], Passkey | Refusal]
    ) -> Passkey | Refusal | None:
        """Replace the passkey by `change(passkey)`, holding it against others meanwhile.

        The Refusal, writing nothing, when `change` returned one; None when there is no such passkey.
        """
        ...

    async def stop_all(self, unit: Unit, account: AccountId, why: str, now: datetime) -> tuple[Passkey, ...]:
        """Stop every passkey of the account that was not stopped; return them as they were before."""
        ...
