"""Jobs: work on so many mandates that nobody waits for it, and what is kept of how far it is.

A job goes through its mandates in one order. Each moves by compare-and-set, and in the same unit the job's
cursor moves past it and its counts grow: so each is done at most once, whoever works on it and wherever that
broke off. Its version is seen to each time: of two workers one goes on, and who stops it stops both.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NewType, Protocol
from uuid import UUID

from toegang.assurance import Level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.catalogue.representation import Power
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.party import PartyId
    from toegang.units import Unit

JobId = NewType("JobId", UUID)

PLACE: Final = 40
"""Bytes of a place among what is in force."""
BESIDE: Final = b"-"
"""The place before all that is not."""

ANSWERED_WITHIN: Final = timedelta(days=14)
"""What waits for the other side to agree, waits for so long."""


class JobKind(enum.StrEnum):
    """What is done; the words are stored and never change."""

    END_EVERYTHING = "end-everything"  # all between `first`, in whose name it is done, and `second`
    TRANSFER = "transfer"  # what `first`, which merged, did for others, goes to `second`
    HAND_OVER = "hand-over"  # clients of `first` are asked to give `second` the same


class JobState(enum.StrEnum):
    """How a job stands; the words are stored and never change."""

    PROPOSED = "proposed"  # waits for the other side; nothing is done before it agrees
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the other side did not answer in time


OPEN: Final = frozenset({JobState.PROPOSED, JobState.RUNNING})
"""States in which something may still be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. `done` of `total` mandates moved (0: nobody counted them), `refused` did not.

    `by` is who ordered it: a command, or the id of the person, who had proven `level`, acting in another's
    name where that is not `first`, and by order of a court then over some matters (`over`). `ground` is why:
    a reference, or a person's reason (reasons.py). Of a hand-over `by` is who
    proposed it and then who agreed to it in the name of `second`, and `level` the lower of what both had
    proven. How far it is says `cursor`, which only who walks through the mandates can read.
    """

    id: JobId
    kind: JobKind
    first: PartyId
    second: PartyId
    by: str
    created: datetime
    ground: str = ""
    level: Level = Level.LOW
    over: frozenset[Power] | None = None
    state: JobState = JobState.RUNNING
    cursor: bytes = b""
    total: int = 0
    done: int = 0
    refused: int = 0
    ended: datetime | None = None
    version: int = 1

    def at(self, cursor: bytes, *, done: int = 0, refused: int = 0) -> Job:
        """Return it one step further."""
        return replace(
            self,
            cursor=cursor,
            done=self.done + done,
            refused=self.refused + refused,
            version=self.version + 1,
        )

    def agreed(self, by: PartyId, level: Level, total: int) -> Job:
        """Return it as it runs once the other side agreed."""
        return replace(
            self,
            state=JobState.RUNNING,
            by=str(by),
            level=min(self.level, level),
            total=total,
            version=self.version + 1,
        )

    def state_at(self, at: datetime) -> JobState:
        """Return the state with time taken into account: what was not answered in time has lapsed."""
        waited = self.state is JobState.PROPOSED and self.created + ANSWERED_WITHIN <= at
        return JobState.LAPSED if waited else self.state

    def over_as(self, state: JobState, now: datetime) -> Job:
        """Return it ended."""
        return replace(self, state=state, ended=now, version=self.version + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The next mandates that a job may move, each with its place; `last` is where it goes on, if it does.

    There may be further ones although none of these is to be moved.
    """

    found: Sequence[tuple[bytes, Edge]]
    last: bytes | None


class JobStore(Protocol):
    """Keeps jobs, and which mandates each did not move."""

    async def add(self, unit: Unit, job: Job) -> bool:
        """Keep a new job; False, keeping nothing, when an equal one runs. Atomic."""
        ...

    async def advance(self, unit: Unit, job: Job) -> bool:
        """Put a job in the place of the version before it; False when it is not there, or over. Atomic."""
        ...

    async def refuse(self, unit: Unit, job: JobId, edge: EdgeId, why: str) -> None:
        """Keep that a job did not move a mandate, and why."""
        ...

    async def find(self, job: JobId) -> Job | None:
        """Find by id."""
        ...

    async def alone(self, unit: Unit, job: JobId) -> Job | None:
        """Find by id; nobody else advances it until the unit ends."""
        ...

    async def running_like(self, job: Job) -> Job | None:
        """Return the job that runs and does the same as this one would."""
        ...

    async def running(self, after: JobId | None, size: int) -> Sequence[Job]:
        """Return the next jobs that run, by their ids: the oldest first."""
        ...

    async def latest_of(self, first: PartyId, kind: JobKind) -> Job | None:
        """Return the latest job of a kind that is about one party's mandates."""
        ...

    async def proposed_to(self, second: PartyId, since: datetime, size: int) -> Sequence[Job]:
        """Return the first jobs that wait for a party and were proposed after a moment, by their ids."""
        ...

    async def running_to(self, second: PartyId, kind: JobKind, size: int) -> Sequence[Job]:
        """Return the first jobs of a kind that run and go to a party, by their ids."""
        ...

    async def tell(self, unit: Unit, job: JobId, people: Sequence[PartyId]) -> None:
        """Keep who was told of a job that waits."""
        ...

    async def told_to(self, person: PartyId, since: datetime, size: int) -> Sequence[Job]:
        """Return the first jobs that wait, were proposed after a moment and of which somebody was told."""
        ...

    async def latest(self, size: int) -> Sequence[Job]:
        """Return the latest jobs, the newest first."""
        ...

    async def refusals(self, job: JobId, after: EdgeId | None, size: int) -> Sequence[tuple[EdgeId, str]]:
        """Return the next mandates that a job did not move, by their ids, and why."""
        ...

    async def erase(self, unit: Unit, before: datetime, size: int) -> int:
        """Erase the oldest jobs that ended before a moment, with what they did not move; return how many.

        So does what nobody answered, from when it was proposed on.
        """
        ...


class Clients(Protocol):
    """Walks through the mandates by which one acts for others."""

    async def of(self, agent: PartyId, cursor: bytes, size: int) -> Stretch:
        """Return the next active mandates of an agent, each once; what it costs does not grow with all.

        A cursor of it is empty, or has `PLACE` bytes.
        """
        ...

    async def beside(self, agent: PartyId, cursor: bytes, size: int) -> Stretch:
        """Return the next mandates of an agent that stand still, or that nobody answered.

        A cursor of it has `BESIDE` as its first, or so many bytes more than that.
        """
        ...

    async def count(self, agent: PartyId) -> int:
        """Return how many there are, by services: one for two services counts twice."""
        ...
