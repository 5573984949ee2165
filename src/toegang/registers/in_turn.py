"""A register that is asked in turn: who comes while many ask waits, as long as they have patience.

A party takes so many calls at once and refuses more (outbound/party.py). That is right for who has no time;
somebody who logs in for another asks a dozen questions, and three of them would be refused for nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from toegang.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

AT_ONCE: Final = 12
"""Of the 16 calls that a party takes: whoever logs in for themselves needs some at once."""
OF_SYSTEMS: Final = 6
"""Of these turns. Systems ask about hundreds of people at once, and who logs in never waits for them."""


def turns(at_once: int = AT_ONCE) -> asyncio.Semaphore:
    """Make the turns at one party."""
    return asyncio.Semaphore(at_once)


@asynccontextmanager
async def our_turn(places: asyncio.Semaphore) -> AsyncIterator[None]:
    """Hold one of the turns.

    Raises:
        Unavailable: whoever waited ran out of patience first: `crowded`, for nothing was asked.

    """
    try:
        await places.acquire()
    except asyncio.CancelledError:
        message = "too many ask this register"
        raise Unavailable(message, retry_after=1, crowded=True) from None
    try:
        yield
    finally:
        places.release()


@dataclass(frozen=True, slots=True)
class InTurn:
    """Asks `register` in turn; registers of one party share their turns."""

    register: Any
    places: asyncio.Semaphore = field(default_factory=turns)

    async def find(self, asked: Any) -> Any:  # noqa: ANN401
        """Ask, once it is our turn.

        Raises:
            Unavailable: as the register; `crowded` when it was not our turn in time.

        """
        async with our_turn(self.places):
            return await self.register.find(asked)

    async def held_by(self, holder: Any, after: str, most: int) -> Any:  # noqa: ANN401
        """Ask for whom somebody acts, once it is our turn.

        Raises:
            Unavailable: as the register; `crowded` when it was not our turn in time.

        """
        async with our_turn(self.places):
            return await self.register.held_by(holder, after, most)


@dataclass(frozen=True, slots=True)
class AuthorityInTurn:
    """Asks what tells of parental authority in turn: one turn is for all questions that this takes."""

    authority: Any
    places: asyncio.Semaphore

    async def over(self, child: Any, at: Any) -> Any:  # noqa: ANN401
        """Ask who has authority over a child, once it is our turn."""
        async with our_turn(self.places):
            return await self.authority.over(child, at)

    async def of(self, person: Any, at: Any) -> Any:  # noqa: ANN401
        """Ask over whom a person has authority, once it is our turn."""
        async with our_turn(self.places):
            return await self.authority.of(person, at)
