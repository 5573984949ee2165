"""A register that is asked in turn: who comes while many ask waits, as long as they have patience.

A party takes so many calls at once and refuses more (outbound/party.py). That is right for who has no time;
somebody who logs in for another asks a dozen questions, and three of them would be refused for nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

AT_ONCE: Final = 12
"""Of the 16 calls that a party takes: whoever logs in for themselves needs some at once."""


def turns() -> asyncio.Semaphore:
    """Make the turns at one party."""
    return asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class InTurn:
    """Asks `register` in turn; registers of one party share their turns."""

    register: Any
    places: asyncio.Semaphore = field(default_factory=turns)

    async def find(self, asked: Any) -> Any:  # noqa: ANN401
        """Ask, once it is our turn.

        Raises:
            Unavailable: as the register.

        """
        async with self.places:
            return await self.register.find(asked)

    async def held_by(self, holder: Any, after: str, most: int) -> Any:  # noqa: ANN401
        """Ask for whom somebody acts, once it is our turn.

        Raises:
            Unavailable: as the register.

        """
        async with self.places:
            return await self.register.held_by(holder, after, most)
