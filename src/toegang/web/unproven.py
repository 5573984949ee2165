"""Forms of other sites that wait for the GET after them: how much of it may wait at once.

Who sends such a form proved nothing yet, and it is kept for 90 seconds. So what one network may have waiting
is limited, and what all may; counted in octets and in this worker, which has its share of the visitors.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from toegang.errors import TooManyTries
from toegang.web.visits import network_behind

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from toegang.web.rooms import Rooms

KEPT: Final = timedelta(seconds=90)
LEAST: Final = 4096
"""Octets that a form counts for at least: remembering it costs something too."""

SMALL: Final = 64
"""Such a part of its own limit a network may have waiting when others fill three quarters of that of all."""


class Keeper(Protocol):
    """Keeps a form for the GET after it."""

    def check(self, octets: bytes) -> None:
        """Refuse what is no such form: it is not kept, so it does not count either.

        Raises:
            Malformed, TooLarge, ProtocolRefusal: it cannot be read.

        """
        ...

    async def keep(self, octets: bytes, now: datetime) -> str:
        """Keep it; return the name to ask it back by."""
        ...


@dataclass(slots=True, kw_only=True)
class Unproven:
    """What waits: `of_one` are the octets of one network, `of_all` those of all.

    A message is a few thousand octets; thousands of people may come from one network. The last quarter is
    for networks that have little waiting: else a handful that send large forms would keep out everybody.
    """

    of_one: int = 16 * 1024 * 1024
    of_all: int = 256 * 1024 * 1024
    _waiting: deque[tuple[datetime, str, int]] = field(default_factory=deque, init=False, repr=False)
    _sizes: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _all: int = field(default=0, init=False)

    def admit(self, network: str, size: int, now: datetime) -> None:
        """Count a form of `size` octets of a network (empty when unknown).

        Raises:
            TooManyTries: too much waits already; nothing was counted.

        """
        self._forget(now)
        counted = max(size, LEAST)
        mine = self._sizes[network] + counted
        little = not network or mine <= max(self.of_one // SMALL, LEAST)
        full = self._all + counted > (self.of_all if little else self.of_all * 3 // 4)
        if full or (network and mine > self.of_one):
            message = f"too much that proves nothing waits, {'in all' if full else 'of one network'}"
            raise TooManyTries(int(KEPT.total_seconds()), message)
        self._waiting.append((now + KEPT, network, counted))
        self._sizes[network] += counted
        self._all += counted

    def _forget(self, now: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, network, size = self._waiting.popleft()
            self._all -= size
            self._sizes[network] -= size
            if not self._sizes[network]:
                del self._sizes[network]


async def keep(request: Request, rooms: Rooms, keeper: Keeper, octets: bytes) -> str:
    """Have a form kept for the GET after it; return the name to ask it back by.

    Raises:
        Malformed, TooLarge, ProtocolRefusal: it is no such form; nothing was counted.
        TooManyTries: too much waits already.

    """
    keeper.check(octets)
    now = rooms.clock.now()
    rooms.unproven.admit(network_behind(request), len(octets), now)
    return await keeper.keep(octets, now)
