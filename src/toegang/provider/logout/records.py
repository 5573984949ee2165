"""What is remembered of a logout: who took part, how each is told, what came of it, where it goes back to."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta

NOTICE_LIFETIME = timedelta(minutes=2)
"""How long a participant is told again by the back channel, until it answers."""

VISITING = timedelta(minutes=5)
"""How long a browser is led from one participant to the next."""

MOST_VISITS = 40
"""How often a browser is shown the way to a participant in one logout, reloads included."""

CHAIN_KEPT = timedelta(minutes=30)
RESULT_KEPT = timedelta(days=1)


class Way(enum.StrEnum):
    """How a participant can be told."""

    BACK = "back"  # from server to server
    FRONT = "front"  # by the browser, one participant after the other
    NONE = "none"  # it cannot


class Result(enum.StrEnum):
    """What came of telling a participant."""

    WAITING = "waiting"  # not told yet
    ASKED = "asked"  # told, and no answer yet
    CONFIRMED = "confirmed"  # it said so, or it is who asked
    FAILED = "failed"  # it said no or nothing that can be believed, or the person went on without
    IMPOSSIBLE = "impossible"  # it cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one participant was told: `party` is its client, connection or means, `at` since when it is so.

    `reference` is the reference code of its login. No name of the person stands here.
    """

    party: str
    reference: str
    way: Way
    result: Result
    at: datetime

    def result_at(self, now: datetime) -> Result:
        """Return the result; who did not answer in time, did not."""
        late = self.result is Result.ASKED and now >= self.at + NOTICE_LIFETIME
        return Result.FAILED if late else self.result


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTo:
    """To whom a logout goes back: which role asked, and its letter, which nobody else reads; or to nobody."""

    provider: str = ""
    letter: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A logout as one browser (the hash of its secret) sees it, from its first page to its last.

    `asked_by` is the client or connection that asked, if one did. `keys` are the participants; of these
    the browser may be led to those in `front`, while `until` is not reached. `visits` counts how often it
    was.
    """

    browser: str
    keys: tuple[str, ...]
    front: tuple[str, ...]
    asked_by: str
    back: ReturnTo
    until: datetime
    visits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that a browser carried to a participant, kept under its id: in which chain, for which key."""

    chain: str = field(repr=False)
    key: str
    party: str
