"""Looks: when a statement in use is looked at again, and what registers told of it a moment ago.

A row for each statement that ends by itself or rests on the law. What registers told counts for some minutes,
unless something happens meanwhile to one of those it is about: then it is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from toegang.catalogue.records import encode
from toegang.mandates.ended import LIVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.catalogue.values import Service
    from toegang.mandates.party import PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.units import Unit

AGAIN: Final = timedelta(minutes=30)
"""How often registers are asked, unasked, about a statement whose client wants to be told of its end."""
SELDOM: Final = timedelta(hours=6)
"""How often it is looked whether a client that wanted to be told of no end wants to be by now."""
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """That registers told, by the rules of `service`, that a statement holds: believed until `until`.

    `ends` is until when it holds, as they told; None: no end known.
    """

    until: datetime
    ends: datetime | None
    service: bytes

    def counts(self, service: Service, now: datetime) -> bool:
        """Tell whether nobody need be asked again at this service."""
        return now < self.until and self.service == fingerprint(service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is kept of a statement: how often it was `shaken`, and what was found last, if that may count."""

    shaken: int
    good: Good | None


class Looks(Protocol):
    """Keeps them; each of these is found by an index."""

    async def begin(self, unit: Unit, statement: StatementId, over_at: datetime, look_at: datetime) -> None:
        """Keep that a statement is over then, and when registers are asked of it (NEVER: not)."""
        ...

    async def find(self, statement: StatementId) -> Look | None:
        """Return what is kept of a statement; None of one that nobody need look at."""
        ...

    async def remember(self, unit: Unit, statement: StatementId, shaken: int, good: Good) -> bool:
        """Keep what was found; False, keeping nothing, when it was shaken since `shaken` was read. Atomic."""
        ...

    async def shake(self, unit: Unit, party: PartyId, since: datetime) -> None:
        """Forget what was found of all that is about a party and was stated since."""
        ...

    async def over(self, now: datetime, size: int) -> Sequence[Statement]:
        """Return the first of those that are over."""
        ...

    async def due(self, now: datetime, size: int) -> Sequence[tuple[Statement, datetime]]:
        """Return the first of those about which registers are to be asked, with the moment of each."""
        ...

    async def put_off(self, unit: Unit, statement: StatementId, seen: datetime, until: datetime) -> bool:
        """Have it asked later; False when it was put off, or is gone, since `seen` was read. Atomic."""
        ...

    async def drop(self, unit: Unit, statement: StatementId) -> bool:
        """Look at a statement no more; False when somebody else did so before. Atomic."""
        ...


def fingerprint(service: Service) -> bytes:
    """Return what tells a service with other rules from this one."""
    return sha256(encode(service)).digest()


def by_law(statement: Statement) -> bool:
    """Tell whether a statement rests on something that only registers know."""
    return any(step.edge is None for step in (*statement.path, *statement.under))


def moments(statement: Statement, now: datetime) -> tuple[datetime, datetime] | None:
    """Return when a statement handed over now is over, and when registers are asked of it; None: neither."""
    used = now + LIVES
    ends = statement.valid_until
    if by_law(statement):
        return (used if ends is None else min(used, ends)), now + AGAIN
    return None if ends is None or ends > used else (ends, NEVER)
