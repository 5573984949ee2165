"""The trail as the other rooms see it: events go in within the unit of the act, and are never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from toegang.audit.event import Event
    from toegang.units import Unit


class Trail(Protocol):
    """Records what happened."""

    async def record(self, unit: Unit, *events: Event) -> None:
        """Append `events` in the unit of the act: they are kept if, and only if, the act is.

        One statement for all of them. Whatever makes this fail leaves the unit as an exception, so that
        an act that cannot be recorded does not happen.
        """
        ...
