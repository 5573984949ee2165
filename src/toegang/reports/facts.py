"""Which event counts as what: the trail folded into counts per day.

Days are those of Europe/Amsterdam. Folding is a sum, so the same trail gives the same counts however
it is cut up.
"""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from toegang.assurance import Level
from toegang.audit.events import (
    AccountActivated,
    AccountBlocked,
    AccountEnded,
    AccountNumberChanged,
    AccountNumberConfirmed,
    AccountRecovered,
    AccountUnblocked,
    HoldLifted,
    HoldPlaced,
    LoginCancelled,
    LoginCompleted,
    LoginRefused,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from toegang.audit.events import Event
    from toegang.units import Unit

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

ACCOUNT_CHANGES = (
    AccountActivated,
    AccountRecovered,
    AccountNumberConfirmed,
    AccountNumberChanged,
    AccountEnded,
    AccountBlocked,
    AccountUnblocked,
    HoldPlaced,
    HoldLifted,
)
COUNTED = tuple(kind.name for kind in (LoginCompleted, LoginRefused, LoginCancelled, *ACCOUNT_CHANGES))
"""The names of the events that are counted."""


class Subject(enum.StrEnum):
    """What is counted."""

    LOGIN = "login"  # logins completed
    REFUSAL = "refusal"  # logins refused or stopped; `detail` is the code
    ACCOUNT = "account"  # accounts that became usable at a level, minus those that stopped being so


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fact:
    """What one count is about; empty words and level 0 where something does not apply."""

    day: date
    subject: Subject
    organisation: str = ""
    sector: str = ""
    service: str = ""
    means: str = ""
    level: int = 0
    two_factor: bool = False
    detail: str = ""


class FactStore(Protocol):
    """Keeps the counts, and up to which index of the trail they go."""

    async def cursor(self) -> int:
        """Return the index of the first event that was not counted yet."""
        ...

    async def add(self, unit: Unit, counts: Mapping[Fact, int], before: int, after: int) -> bool:
        """Add counts and move the cursor; False, changing nothing, when it no longer stands at `before`."""
        ...

    async def clear(self, unit: Unit) -> None:
        """Forget every count and set the cursor to 0."""
        ...

    async def facts(self, subject: Subject, from_: date | None, until: date) -> Sequence[tuple[Fact, int]]:
        """Return counts of days `[from_, until)` in the order of their facts."""
        ...


def fold(events: Iterable[Event]) -> Counter[Fact]:
    """Count events. A count may be 0: then something happened and was undone."""
    counts: Counter[Fact] = Counter()
    for event in events:
        for fact, count in facts_of(event):
            counts[fact] += count
    return counts


def facts_of(event: Event) -> tuple[tuple[Fact, int], ...]:
    """Return what one event adds."""
    if isinstance(event, LoginCompleted):
        return ((_login(event), 1),)
    if isinstance(event, LoginRefused | LoginCancelled):
        return ((_refusal(event), 1),)
    if isinstance(event, ACCOUNT_CHANGES):
        day = event.at.astimezone(AMSTERDAM).date()
        changes = ((event.before, -1), (event.after, 1))
        return tuple(
            (Fact(day=day, subject=Subject.ACCOUNT, means=event.means, level=int(level)), count)
            for level, count in changes
            if level is not None
        )
    return ()


def _login(event: LoginCompleted) -> Fact:
    return Fact(
        day=event.at.astimezone(AMSTERDAM).date(),
        subject=Subject.LOGIN,
        organisation=event.organisation,
        sector=event.sector,
        service=str(event.service),
        means=event.means,
        level=int(event.proven),
        # From midden up a level stands for two factors; below it the factors themselves tell.
        two_factor=event.proven >= Level.LOW or len(set(event.factors)) > 1,
    )


def _refusal(event: LoginRefused | LoginCancelled) -> Fact:
    return Fact(
        day=event.at.astimezone(AMSTERDAM).date(),
        subject=Subject.REFUSAL,
        organisation=event.organisation,
        sector=event.sector,
        service=str(event.service),
        means=event.means or "",
        detail=event.code if isinstance(event, LoginRefused) else "cancelled",
    )
