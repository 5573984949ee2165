"""The outbox: a message is written in the unit of the act, sealed, and sent after the commit.

    async with units.begin() as unit:
        await stores.accounts.add(unit, account)
        await outbox.put(unit, message)        # rolled back with the act, or sent because of it

Delivery is at least once: after a crash between sending and noting it, the same message is sent
again with the same id, and the receiver drops what it has seen.
"""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from toegang.keys.secret import SealingKey
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to be carried out of the house, once, before `until`.

    `kind` chooses the carrier (`sms`, `letter`, `logout`). `to_party` names the organisation or client
    it goes to, never a person; who and what stand in `payload`, which is sealed when stored and erased
    when delivered. `until` is exclusive: from then on the message is not sent any more. `not_before`
    holds it back until then. `purpose` says in one word what is sent (`login-code`), for the trail.
    """

    id: UUID
    kind: str
    to_party: str
    payload: bytes = field(repr=False)
    until: datetime
    not_before: datetime | None = None
    purpose: str = ""


class Carrier(Protocol):
    """Brings messages of one kind to their party."""

    async def carry(self, message: Message) -> None:
        """Hand the message over; returning means that the party has it.

        The same message may come again; `message.id` lets the party see that.

        Raises:
            Unavailable: the party did not take it; it is tried again, later and later, until its end.
            Refusal: the party will never take it; it is erased and recorded.

        """
        ...


class Fate(enum.StrEnum):
    """How a message ended; in each case its payload is gone."""

    DELIVERED = "delivered"
    EXPIRED = "expired"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A message as the store keeps it; `attempts` counts the claims, this one included.

    `claim` names who holds it now: only the newest claim may settle or postpone the message.
    """

    id: UUID
    kind: str
    to_party: str
    sealed: bytes = field(repr=False)
    until: datetime
    not_before: datetime
    put_at: datetime
    purpose: str = ""
    attempts: int = 0
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sender asks: at most `limit` messages of `kind`, to be held under `name` until `until`.

    After `until` the messages are due again, for the case that the sender has died. What is for one of `but`
    is left where it is.
    """

    name: str
    kind: str
    limit: int
    until: datetime
    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits in one kind: how many, and since when the oldest one could have been sent."""

    kind: str
    waiting: int
    oldest: datetime | None


class OutboxStore(Protocol):
    """Keeps messages until they are settled. Every writing method is one atomic statement."""

    async def add(self, unit: Unit, message: Sealed) -> None:
        """Keep a new message; adding an id that is there already changes nothing."""
        ...

    async def claim(self, unit: Unit, claim: Claim, now: datetime) -> Sequence[Sealed]:
        """Take due messages of the claim's kind, oldest first, under the claim's name.

        No message is claimed by two at a time. `not_before` becomes the claim's end. Messages past their
        `until` are claimed too, so that they can be settled.
        """
        ...

    async def settle(self, unit: Unit, message: Sealed, fate: Fate, now: datetime) -> bool:
        """End the message and erase its payload; False when the claim is no longer the newest."""
        ...

    async def postpone(self, unit: Unit, message: Sealed, not_before: datetime) -> bool:
        """Give the message back, due at `not_before`; False when the claim is no longer the newest."""
        ...

    async def backlog(self, now: datetime) -> Sequence[Backlog]:
        """Count the unsettled messages that are due, per kind."""
        ...

    async def sweep(self, unit: Unit, settled_before: datetime) -> int:
        """Remove what was settled before then and return how many; only their ids were left."""
        ...


class Bell:
    """Wakes the senders of this process as soon as a message of their kind is committed."""

    def __init__(self) -> None:
        """Begin silent."""
        self._rung: dict[str, asyncio.Event] = {}

    def ring(self, kind: str) -> None:
        """Wake whoever waits for `kind`, or let the next one not wait at all."""
        self._event(kind).set()

    async def wait(self, kind: str, seconds: float) -> None:
        """Wait until rung, at most so many seconds."""
        event = self._event(kind)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
        event.clear()

    def _event(self, kind: str) -> asyncio.Event:
        return self._rung.setdefault(kind, asyncio.Event())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The slot in the door: every room that sends something puts it in here."""

    store: OutboxStore
    key: SealingKey
    bell: Bell

    async def put(self, unit: Unit, message: Message, now: datetime) -> None:
        """Seal the message and keep it in `unit`; the sender wakes when the unit has committed."""
        sealed = Sealed(
            id=message.id,
            kind=message.kind,
            to_party=message.to_party,
            sealed=self.key.seal(message.payload, context_of(message.id, message.kind)),
            until=message.until,
            not_before=min(message.not_before or now, message.until),
            put_at=now,
            purpose=message.purpose or message.kind,
        )
        await self.store.add(unit, sealed)
        unit.after_commit(lambda: self.bell.ring(message.kind))

    def unseal(self, kept: Sealed) -> Message:
        """Open a kept message.

        Raises:
            ProofInvalid: the stored payload was altered or belongs to another message.

        """
        return Message(
            id=kept.id,
            kind=kept.kind,
            to_party=kept.to_party,
            payload=self.key.open(kept.sealed, context_of(kept.id, kept.kind)),
            until=kept.until,
            purpose=kept.purpose,
        )


def context_of(message: UUID, kind: str) -> bytes:
    """Return what a payload is sealed for, so that payloads cannot be swapped between messages."""
    return message.bytes + kind.encode()
