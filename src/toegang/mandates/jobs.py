"""Jobs over many mandates: ordered once, done a stretch at a time beside requests, looked at and stopped.

Each mandate moves in a unit of its own, with the cursor (job.py): a login that rests on one waits for one at
most, never for a stretch. A register that is silent makes a job wait, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from toegang import log
from toegang.errors import Crossed, NotEntitled, Unavailable
from toegang.mandates.acting import Actor
from toegang.mandates.edge import PENDING
from toegang.mandates.job import OPEN, Job, JobId, JobKind, JobState
from toegang.mandates.job_events import ended_event, ordered_event
from toegang.mandates.party import PartyId
from toegang.mandates.reasons import Reason
from toegang.mandates.walks import EndingAll, actor_of
from toegang.mandates.why import Why
from toegang.units import TakenBefore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.clock import Clock
    from toegang.identity.numbers import KvkNumber
    from toegang.ids import Ids
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.everything import Everything
    from toegang.mandates.handing_over import HandingOver
    from toegang.mandates.job import Clients, JobStore
    from toegang.mandates.reasons import Reasons
    from toegang.mandates.transferring import Transferring
    from toegang.mandates.walks import Also, Walk
    from toegang.units import Unit, Units

STRETCH: Final = 1000
"""Mandates that a job goes past before others have their turn."""
AT_ONCE: Final = 20
"""Jobs that are looked up in one go."""
KEPT: Final = timedelta(days=400)
SLICE: Final = 100
BESIDE: Final = 5
"""Mandates on either side that are asked about where a register is silent about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a transfer from `first` would do: how many go, how many that wait end, how many stay by word."""

    first: PartyId
    goes: int
    ends: int
    stays: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The use cases. `at_once` ends the first while somebody waits for it, `everything` the rest."""

    units: Units
    trail: Trail
    ids: Ids
    clock: Clock
    store: JobStore
    clients: Clients
    at_once: Everything
    everything: Everything
    transferring: Transferring
    handing_over: HandingOver
    reasons: Reasons
    stretch: int = STRETCH

    async def end_everything(
        self, actor: Actor, other: PartyId, reason: Reason | None, now: datetime
    ) -> Job | None:
        """End everything between somebody and one whom they know; return the job where many are left."""
        note = await self.reasons.noting(actor, reason, now)
        begun = await self.at_once.begin(actor, other, now, also=note)
        if begun.left is None:
            return None
        job = Job(
            id=JobId(self.ids.uuid()),
            kind=JobKind.END_EVERYTHING,
            first=actor.party,
            second=other,
            by=str(actor.person),
            ground="" if reason is None else reason.value,
            created=now,
            level=actor.level,
            over=actor.over,
            cursor=begun.left,
            done=begun.done,
            refused=len(begun.stay),
        )
        return await self._order(job, now, begun.stay)

    async def transfer(self, both: tuple[KvkNumber, KvkNumber], by: str, ground: str, now: datetime) -> Job:
        """Have what the first did for others go to the second, which it merged into.

        Where that is being done already, return how far it is.

        Raises:
            NotEntitled: the trade register does not say that it merged.
            Unavailable: a register does not answer.

        """
        first, second = await self.transferring.merged(*both, now)
        job = Job(
            id=JobId(self.ids.uuid()),
            kind=JobKind.TRANSFER,
            first=first,
            second=second,
            by=by,
            ground=ground,
            created=now,
            total=await self.clients.count(first),
        )
        return await self._order(job, now)

    async def look(self, both: tuple[KvkNumber, KvkNumber], now: datetime) -> Looked:
        """Tell what a transfer would do now, doing nothing.

        Raises:
            NotEntitled: the trade register does not say that it merged.
            Unavailable: a register does not answer.

        """
        first, second = await self.transferring.merged(*both, now)
        merger, goes, over, stays = await self.transferring.between(first, second, now), 0, 0, Counter[str]()
        cursor: bytes | None = b""
        while cursor is not None:
            some = await merger.next(cursor, self.stretch, now)
            for _, edge in some.found:
                why, waits = await merger.why_not(edge, now), edge.state in PENDING
                goes, over = goes + (not why and not waits), over + (not why and waits)
                stays += Counter([why] if why else ())
            cursor = some.last
        return Looked(first=first, goes=goes, ends=over, stays=stays)

    async def own(self, actor: Actor, id_: JobId) -> Job:
        """Return a job that somebody ordered, in the name that they act in.

        Raises:
            NotEntitled: it is not theirs, or there is none; never said which.

        """
        job = await self.store.find(id_)
        mine = job is not None and (job.kind, job.first) == (JobKind.END_EVERYTHING, actor.party)
        if job is None or not mine or job.by != str(actor.person):
            _object(Why.NOT_YOURS)
        return job

    async def find(self, id_: JobId) -> Job:
        """Return a job.

        Raises:
            NotEntitled: there is none.

        """
        job = await self.store.find(id_)
        if job is None:
            _object(Why.NOT_YOURS)
        return job

    async def stop(self, id_: JobId, by: str, now: datetime) -> Job:
        """Stop a job between two mandates, for good; what it did stays done.

        Raises:
            NotEntitled: there is none.

        """
        async with self.units.begin() as unit:
            job = await self.store.alone(unit, id_)
            if job is not None and job.state in OPEN:
                job = await self._over(unit, job, JobState.STOPPED, now, by=by)
        if job is None:
            _object(Why.NOT_YOURS)
        return job

    async def round(self) -> bool:
        """Do a stretch of each job that runs; tell whether there is more to be done at once.

        Whatever one waits for, or is wrong with it, the others go on.
        """
        more, last = False, None
        while some := await self.store.running(last, AT_ONCE):
            for job in some:
                more = await self._goes_on(job) or more
            last = some[-1].id
        return more

    async def step(self, job: Job) -> Job | None:
        """Do the next stretch of a job; return it as it is then, or None when it is another's by now.

        Raises:
            Unavailable: a register, or the store, does not answer; it goes on later from where it is.

        """
        try:
            return await self._step(job)
        except Crossed:  # who was in the way is done by now
            return await self.find(job.id)
        except TakenBefore:
            return None

    async def sweep(self, now: datetime) -> None:
        """Erase what ended long ago."""
        erased = SLICE
        while erased == SLICE:
            async with self.units.begin() as unit:
                erased = await self.store.erase(unit, now - KEPT, SLICE)

    async def _goes_on(self, job: Job) -> bool:
        """Do the next stretch of a job; tell whether there is more of it to be done at once."""
        try:
            after = await self.step(job)
        except Unavailable as silent:
            log.warning("mandate-job:waits", job=str(job.id), detail=silent.detail)
        except Exception as error:  # noqa: BLE001 the edge of one job: whatever is wrong with it, the others go on
            log.trouble("mandate-job:trouble", error, job=str(job.id))
        else:
            return after is not None and after.state is JobState.RUNNING
        return False

    async def _step(self, job: Job) -> Job:
        try:
            walk = await self._walk(job)
        except NotEntitled as refused:
            return await self._end(job, JobState.STOPPED, refused.why)
        some = await walk.next(job.cursor, self.stretch, self.clock.now())
        edges = [edge for _, edge in some.found]
        for at, (place, edge) in enumerate(some.found):
            others = [*edges[at + 1 : at + 1 + BESIDE], *edges[max(at - BESIDE, 0) : at]]
            job = await self._one(walk, job, place, edge, others)
        if some.last is None:
            return await self._end(job, JobState.DONE)
        if some.last != job.cursor:
            job = job.at(some.last)
            async with self.units.begin() as unit:
                await self._advance(unit, job)
        return job

    async def _walk(self, job: Job) -> Walk:
        now = self.clock.now()
        if job.kind is JobKind.TRANSFER:
            return await self.transferring.walk(job, now)
        if job.kind is JobKind.HAND_OVER:
            return await self.handing_over.walk(job, now)
        reason = Reason(job.ground) if job.ground else None
        note = await self.reasons.noting(actor_of(job), reason, now)
        return EndingAll(everything=self.everything, job=job, note=note)

    async def _one(self, walk: Walk, job: Job, place: bytes, edge: Edge, others: Sequence[Edge]) -> Job:
        """Move one, or note that it stays; either way the job is past it in the same unit."""
        moved = job.at(place, done=1)

        async def past(unit: Unit, _: Edge) -> None:
            await self._advance(unit, moved)

        try:
            return moved if await self._do(walk, edge, others, past) else job
        except NotEntitled as refused:
            return await self._refuse(job.at(place, refused=1), edge.id, str(refused.why))

    async def _do(self, walk: Walk, edge: Edge, others: Sequence[Edge], also: Also) -> bool:
        """Move one; about which alone a register is silent, twice, stays and is in nobody's way."""
        now = self.clock.now()
        try:
            return await walk.do(edge, now, also)
        except Unavailable as silent:
            if _is_of_the_moment(silent) or not await walk.tells_of(others):
                raise
        try:
            return await walk.do(edge, now, also)
        except Unavailable as silent:
            if _is_of_the_moment(silent):
                raise
        return _object(Why.REGISTER_SILENT)

    async def _refuse(self, job: Job, edge: EdgeId, why: str) -> Job:
        async with self.units.begin() as unit:
            await self.store.refuse(unit, job.id, edge, why)
            await self._advance(unit, job)
        return job

    async def _advance(self, unit: Unit, job: Job) -> None:
        if not await self.store.advance(unit, job):
            raise TakenBefore

    async def _end(self, job: Job, state: JobState, why: object = "") -> Job:
        async with self.units.begin() as unit:
            return await self._over(unit, job, state, self.clock.now(), why=str(why))

    async def _over(  # noqa: PLR0913 what the trail says of it
        self, unit: Unit, job: Job, state: JobState, now: datetime, *, why: str = "", by: str = ""
    ) -> Job:
        over = job.over_as(state, now)
        await self._advance(unit, over)
        await self.trail.record(unit, ended_event(over, now, why=why, by=by))
        return over

    async def _order(self, job: Job, now: datetime, stay: Sequence[tuple[EdgeId, str]] = ()) -> Job:
        """Keep a job, with what stayed before it was one, unless an equal one runs: then return that one."""
        while True:
            async with self.units.begin() as unit:
                new = await self.store.add(unit, job)
                if new:
                    for edge, why in stay:
                        await self.store.refuse(unit, job.id, edge, why)
                    await self.trail.record(unit, ordered_event(job, now))
            running = job if new else await self.store.running_like(job)
            if running is not None:  # else the other ended just now, and is in nobody's way
                return running

    async def refusals(self, job: JobId, after: EdgeId | None = None) -> Sequence[tuple[EdgeId, str]]:
        """Return the next mandates that a job did not move, by their references, and why."""
        return await self.store.refusals(job, after, SLICE)


def _is_of_the_moment(silent: Unavailable) -> bool:
    return silent.crowded or isinstance(silent, Crossed)


def _object(why: Why) -> NoReturn:
    detail = f"mandate job: {why.value}"
    raise NotEntitled(detail, why=why.value)
