"""What may begin one login only, as a signed request's id: taken in the unit that begins the login.

Nearly always it is new. So it is claimed first, which waits for nothing: it travels with all else that the
unit writes. Only where that fails is it asked, which tells who repeats a request from whom may go on.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from toegang.units import AlreadyKept

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from toegang.errors import Refusal
    from toegang.units import Unit, Units

T = TypeVar("T")


class FirstUse(Protocol):
    """One such thing."""

    async def claim(self, unit: Unit) -> None:
        """Take it, waiting for nothing; the unit fails with AlreadyKept when it was perhaps taken before."""
        ...

    async def take(self, unit: Unit) -> Refusal | None:
        """Take it; a Refusal when it was taken before, which is to be raised after this unit."""
        ...


async def once(units: Units, first_use: FirstUse | None, act: Callable[[Unit], Awaitable[T]]) -> T:
    """Do `act` in the unit that takes `first_use`; it may be called again, in another unit.

    Raises:
        Refusal: that of `first_use`; nothing was done.

    """
    if first_use is not None:
        with suppress(AlreadyKept):
            async with units.begin() as unit:
                await first_use.claim(unit)
                return await act(unit)
    async with units.begin() as unit:
        refusal = await first_use.take(unit) if first_use else None
        if refusal is None:
            return await act(unit)
    raise refusal
