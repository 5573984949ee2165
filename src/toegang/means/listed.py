"""What somebody has to log in with, as My account shows it in one list: every kind of means fills its part.

A new kind gives one `Lister`, with a line in app/own.py; the page need not know it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from toegang.catalogue.values import Text

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.means.citizen.account import Account


class State(enum.StrEnum):
    """Whether it can be used now."""

    WORKS = "works"
    WAITS = "waits"  # for a letter, or for a check
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One thing to log in with.

    `title` says what it is, `name` which of them (what its person calls it, or its last digits). `level` is
    the highest that it counts for, None where it only counts with another. `page` is where it is changed
    or stopped.
    """

    title: Text
    name: str = field(default="", repr=False)
    state: State
    level: Level | None
    since: datetime | None
    last_used_at: datetime | None
    page: str


class Lister(Protocol):
    """One kind of means, asked what an account has of it."""

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return what the person of this account has and did not stop, oldest first."""
        ...
