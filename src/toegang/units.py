"""The unit of work: one database transaction over all stores, seen from outside storage.

    async with units.begin() as unit:
        result = await stores.codes.take(unit, code)      # T or a Refusal, returned
        await trail.record(unit, event)
    return settle(result)                                 # raised only after commit

Within a unit only store calls are awaited: no hashing, no network, no sleep. A refusal is returned
from the unit and raised after it, so that counters, takes and refusal events stay; any exception
that leaves the block rolls everything back.

Only storage sees what is inside a unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from toegang.errors import Refusal

T = TypeVar("T")


class AlreadyKept(Exception):
    """A unit failed because an id that it claimed is there already; it wrote nothing."""


class TakenBefore(Exception):
    """A unit failed because what it was to take or change was taken or changed before; it wrote nothing."""


class Unit:
    """An open unit of work; the first argument of every writing store method."""

    __slots__ = ("_afterwards",)

    def __init__(self) -> None:
        """Begin with nothing to do afterwards."""
        self._afterwards: list[Callable[[], None]] = []

    def after_commit(self, act: Callable[[], None]) -> None:
        """Have `act` called once this unit is committed, never when it is rolled back.

        For waking whoever waits for what was written; `act` is quick and raises nothing.
        """
        self._afterwards.append(act)

    def committed(self) -> None:
        """Call what was left for afterwards; only storage calls this, right after its commit."""
        for act in self._afterwards:
            act()


class Units(Protocol):
    """Opens units of work on the durable store."""

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """Begin one transaction; commit on leaving, roll back when an exception leaves.

        Raises:
            Unavailable: the store does not answer, or could not commit; nothing was written. Crossed, on
                PostgreSQL, when others changed the same at that moment: the same unit again may go well.

        """
        ...


class Expiring(Protocol[T]):
    """Keeps values that expire and may be taken once: codes, logins under way, seen identifiers.

    Ids are secrets: only their hash is kept. Nothing is ever returned at or after its `until`, whether
    or not it was swept. Every writing method is one atomic statement.
    """

    async def add(self, unit: Unit, id: str, value: T, until: datetime, now: datetime) -> bool:  # noqa: A002
        """Keep `value` until `until`; False, keeping nothing, when a living `id` is there already."""
        ...

    async def claim(self, unit: Unit, id: str, value: T, until: datetime) -> None:  # noqa: A002
        """Keep `value` until `until` under an id that nobody has; nothing waits for it.

        Where the id is there, living or not, the unit fails with AlreadyKept, at its commit at the latest;
        `add`, in another unit, then tells which.
        """
        ...

    async def keep(self, unit: Unit, id: str, value: T, until: datetime) -> None:  # noqa: A002
        """Keep `value` until `until`, in the place of what stood under this `id`; nothing waits for it."""
        ...

    async def find(self, id: str, now: datetime) -> T | None:  # noqa: A002
        """Return the living value, leaving it there."""
        ...

    async def change(
        self,
        unit: Unit,
        id: str,  # noqa: A002
        now: datetime,
        change: Callable[[T], T | Refusal],
    ) -> T | Refusal | None:
        """Replace the living value by `change(value)`, holding it against others meanwhile.

        Returns the new value; the Refusal, writing nothing, when `change` returned one; None when
        there is no living value. `change` is pure and may be called again.
        """
        ...

    async def hold(self, unit: Unit, id: str, now: datetime) -> T | None:  # noqa: A002
        """Return the living value, holding it against others until the unit ends."""
        ...

    async def hold_along(self, unit: Unit, id: str, now: datetime) -> Callable[[], T | None]:  # noqa: A002
        """Do what `hold` does, for the price of the unit's next question; call what it returns after that."""
        ...

    async def rewrite(self, unit: Unit, id: str, value: T) -> None:  # noqa: A002
        """Write another value for one that this unit holds; nothing waits for it."""
        ...

    async def take(self, unit: Unit, id: str, now: datetime) -> T | None:  # noqa: A002
        """Remove and return the living value; of many takers exactly one gets it."""
        ...

    async def drop(self, unit: Unit, id: str) -> None:  # noqa: A002
        """Remove a value that this unit holds, or that may be missing; nothing waits for it."""
        ...

    async def extend(self, unit: Unit, id: str, until: datetime, now: datetime) -> bool:  # noqa: A002
        """Let the living value live until `until`; False when there is none."""
        ...
