"""Jobs over many mandates, and the mandates of an agent one after another, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.representation import Power
from toegang.mandates.edge import PENDING, EdgeId, State
from toegang.mandates.job import BESIDE, OPEN, Job, JobId, JobKind, JobState, Stretch
from toegang.mandates.listing import Listing
from toegang.mandates.party import PartyId
from toegang.storage.database import inside
from toegang.storage.edge_bodies import edge_in
from toegang.storage.edges import scope_hash
from toegang.storage.statements import among, micros, moment, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_COLUMNS: Final = (
    "id, kind, first, second, ordered_by, ground, level, over, state, cursor, total, done, refused, created,"
    " ended, version"
)
_ADD = f"""
INSERT INTO mandate_jobs ({_COLUMNS}, running)
VALUES (:id, :kind, :first, :second, :ordered_by, :ground, :level, :over, :state, :cursor, :total, :done,
    :refused, :created, :ended, :version, :running)
ON CONFLICT DO NOTHING
"""  # noqa: S608 constant words
_ADVANCE = """
UPDATE mandate_jobs SET ordered_by = :ordered_by, level = :level, total = :total, state = :state,
    cursor = :cursor, done = :done, refused = :refused, ended = :ended, version = :version, running = :running
WHERE id = :id AND version = :seen AND running IS NOT NULL
"""
_CHANGED: Final = (
    *("id", "ordered_by", "level", "total", "state", "cursor", "done"),
    *("refused", "ended", "version", "running"),
)
_REFUSE = """
INSERT INTO mandate_job_refusals (job, edge, why) VALUES (:job, :edge, :why) ON CONFLICT DO NOTHING
"""
_FIND = f"SELECT {_COLUMNS} FROM mandate_jobs WHERE id = :id"  # noqa: S608 constant words
_LIKE = f"SELECT {_COLUMNS} FROM mandate_jobs WHERE running = :running"  # noqa: S608 constant words
_RUNNING = f"""
SELECT {_COLUMNS} FROM mandate_jobs WHERE running IS NOT NULL AND state = 'running' AND id > :after
ORDER BY id LIMIT :size
"""  # noqa: S608 constant words
_LATEST_OF = f"""
SELECT {_COLUMNS} FROM mandate_jobs WHERE first = :first AND kind = :kind ORDER BY id DESC LIMIT 1
"""  # noqa: S608 constant words
_PROPOSED = f"""
SELECT {_COLUMNS} FROM mandate_jobs WHERE second = :second AND state = 'proposed' AND created > :since
ORDER BY id LIMIT :size
"""  # noqa: S608 constant words
_RUNNING_TO = f"""
SELECT {_COLUMNS} FROM mandate_jobs WHERE second = :second AND state = 'running' AND kind = :kind
ORDER BY id LIMIT :size
"""  # noqa: S608 constant words
_TELL = "INSERT INTO mandate_job_told (person, job) VALUES (:person, :job) ON CONFLICT DO NOTHING"
_TOLD_TO = f"""
SELECT {_COLUMNS} FROM mandate_jobs WHERE id IN (SELECT job FROM mandate_job_told WHERE person = :person)
    AND state = 'proposed' AND created > :since
ORDER BY id LIMIT :size
"""  # noqa: S608 constant words
_LATEST = f"SELECT {_COLUMNS} FROM mandate_jobs ORDER BY id DESC LIMIT :size"  # noqa: S608 constant words
_REFUSALS = """
SELECT edge, why FROM mandate_job_refusals WHERE job = :job AND edge > :after ORDER BY edge LIMIT :size
"""
_OVER = """
SELECT id FROM mandate_jobs WHERE ended < :before OR (state = 'proposed' AND created < :before)
ORDER BY id LIMIT :size
"""
_ERASE = (
    "DELETE FROM mandate_job_told WHERE job IN ({among})",
    "DELETE FROM mandate_job_refusals WHERE job IN ({among})",
    "DELETE FROM mandate_jobs WHERE id IN ({among})",
)
_CLIENTS = """
SELECT a.scope, a.principal, a.edge, e.body
FROM authority_index a JOIN mandate_edges e ON e.id = a.edge
WHERE a.agent = :agent AND (a.scope, a.principal, a.edge) > (:scope, :principal, :edge)
ORDER BY a.scope, a.principal, a.edge LIMIT :size
"""
_BESIDE = f"""
SELECT s.list, s.ends, s.edge, e.body FROM mandate_sides s JOIN mandate_edges e ON e.id = s.edge
WHERE s.party = :agent AND s.list IN ({Listing.RECEIVED}, {Listing.TO_ANSWER}, {Listing.WAITING})
    AND (s.list, s.ends, s.edge) > (:list, :ends, :edge)
ORDER BY s.list, s.ends, s.edge LIMIT :size
"""  # noqa: S608 constant words
_NOT_IN_FORCE: Final = PENDING | {State.SUSPENDED}
_OF_ALL: Final = frozenset({JobKind.TRANSFER, JobKind.HAND_OVER})
_COUNT = "SELECT COUNT(*) FROM authority_index WHERE agent = :agent"


@dataclass(frozen=True, slots=True)
class JobTable:
    """mandates.job.JobStore: one row each."""

    database: Database

    async def add(self, unit: Unit, job: Job) -> bool:
        """Keep a new job; False, keeping nothing, when an equal one runs."""
        return await inside(unit).execute(_ADD, _params(job)) == 1

    async def advance(self, unit: Unit, job: Job) -> bool:
        """Put a job in the place of the version before it; False when it is not there, or over."""
        params = _params(job)
        changed = {**{name: params[name] for name in _CHANGED}, "seen": job.version - 1}
        return await inside(unit).execute(_ADVANCE, changed) == 1

    async def refuse(self, unit: Unit, job: JobId, edge: EdgeId, why: str) -> None:
        """Keep that a job did not move a mandate, and why."""
        await inside(unit).put(_REFUSE, {"job": job.bytes, "edge": edge.bytes, "why": why})

    async def find(self, job: JobId) -> Job | None:
        """Find by id."""
        row = await self.database.one(_FIND, {"id": job.bytes})
        return None if row is None else _job(row)

    async def alone(self, unit: Unit, job: JobId) -> Job | None:
        """Find by id; nobody else advances it until the unit ends."""
        row = await inside(unit).one(_FIND + self.database.for_update, {"id": job.bytes})
        return None if row is None else _job(row)

    async def running_like(self, job: Job) -> Job | None:
        """Return the job that runs and does the same as this one would."""
        row = await self.database.one(_LIKE, {"running": _running(job)})
        return None if row is None else _job(row)

    async def running(self, after: JobId | None, size: int) -> Sequence[Job]:
        """Return the next jobs that run, by their ids: the oldest first."""
        asked: Params = {"after": b"" if after is None else after.bytes, "size": size}
        return tuple(map(_job, await self.database.all(_RUNNING, asked)))

    async def latest_of(self, first: PartyId, kind: JobKind) -> Job | None:
        """Return the latest job of a kind that is about one party's mandates."""
        row = await self.database.one(_LATEST_OF, {"first": first.bytes, "kind": kind.value})
        return None if row is None else _job(row)

    async def proposed_to(self, second: PartyId, since: datetime, size: int) -> Sequence[Job]:
        """Return the first jobs that wait for a party and were proposed after a moment, by their ids."""
        asked: Params = {"second": second.bytes, "since": micros(since), "size": size}
        return tuple(map(_job, await self.database.all(_PROPOSED, asked)))

    async def running_to(self, second: PartyId, kind: JobKind, size: int) -> Sequence[Job]:
        """Return the first jobs of a kind that run and go to a party, by their ids."""
        asked: Params = {"second": second.bytes, "kind": kind.value, "size": size}
        return tuple(map(_job, await self.database.all(_RUNNING_TO, asked)))

    async def tell(self, unit: Unit, job: JobId, people: Sequence[PartyId]) -> None:
        """Keep who was told of a job that waits."""
        for each in people:
            await inside(unit).put(_TELL, {"person": each.bytes, "job": job.bytes})

    async def told_to(self, person: PartyId, since: datetime, size: int) -> Sequence[Job]:
        """Return the first jobs that wait, were proposed after a moment and of which somebody was told."""
        asked: Params = {"person": person.bytes, "since": micros(since), "size": size}
        return tuple(map(_job, await self.database.all(_TOLD_TO, asked)))

    async def latest(self, size: int) -> Sequence[Job]:
        """Return the latest jobs, the newest first."""
        return tuple(map(_job, await self.database.all(_LATEST, {"size": size})))

    async def refusals(self, job: JobId, after: EdgeId | None, size: int) -> Sequence[tuple[EdgeId, str]]:
        """Return the next mandates that a job did not move, by their ids, and why."""
        asked: Params = {"job": job.bytes, "after": b"" if after is None else after.bytes, "size": size}
        rows = await self.database.all(_REFUSALS, asked)
        return tuple((EdgeId(UUID(bytes=edge)), why) for edge, why in rows)

    async def erase(self, unit: Unit, before: datetime, size: int) -> int:
        """Erase the oldest jobs that ended before a moment, with what they did not move; return how many."""
        rows = await inside(unit).all(_OVER, {"before": micros(before), "size": size})
        for words in _ERASE:
            for sql, params in among(words, (row[0] for row in rows)):
                await inside(unit).put(sql, params)
        return len(rows)


@dataclass(frozen=True, slots=True)
class ClientTable:
    """mandates.job.Clients: what an agent has, by the range of the index that is theirs."""

    database: Database

    async def of(self, agent: PartyId, cursor: bytes, size: int) -> Stretch:
        """Return the next active mandates of an agent; the first row of several scopes counts."""
        asked: Params = {
            "agent": agent.bytes,
            "scope": cursor[:8],
            "principal": cursor[8:24],
            "edge": cursor[24:],
            "size": size,
        }
        rows = await self.database.all(_CLIENTS, asked)
        found = ((row[0], b"".join(row[:3]), edge_in(row[3])) for row in rows)
        firsts = [(place, edge) for scope, place, edge in found if scope == _first(edge)]
        return Stretch(found=firsts, last=b"".join(rows[-1][:3]) if len(rows) == size else None)

    async def beside(self, agent: PartyId, cursor: bytes, size: int) -> Stretch:
        """Return the next that stand still or wait, by the lists on which the agent finds them."""
        after = cursor.removeprefix(BESIDE)
        asked: Params = {
            "agent": agent.bytes,
            "list": int.from_bytes(after[:1]),
            "ends": int.from_bytes(after[1:9], signed=True),
            "edge": after[9:],
            "size": size,
        }
        rows = await self.database.all(_BESIDE, asked)
        placed = [(_beside(*row[:3]), edge_in(row[3])) for row in rows]
        found = [each for each in placed if each[1].agent == agent and each[1].state in _NOT_IN_FORCE]
        return Stretch(found=found, last=placed[-1][0] if len(rows) == size else None)

    async def count(self, agent: PartyId) -> int:
        """Return how many there are, by services."""
        row = await self.database.one(_COUNT, {"agent": agent.bytes})
        return int(row[0]) if row else 0


def _beside(list_: int, ends: int, edge: bytes) -> bytes:
    return BESIDE + list_.to_bytes(1) + ends.to_bytes(8, signed=True) + edge


def _first(edge: Edge) -> bytes:
    return min(scope_hash(scope.key) for scope in edge.terms.scopes)


def _running(job: Job) -> bytes:
    """Return what two jobs share of which one runs at a time; of one about all clients, to whomever it is."""
    to = b"" if job.kind in _OF_ALL else job.second.bytes + job.by.encode()
    return sha256(job.kind.encode() + job.first.bytes + to).digest()


def _params(job: Job) -> Params:
    return {
        "id": job.id.bytes,
        "kind": job.kind.value,
        "first": job.first.bytes,
        "second": job.second.bytes,
        "ordered_by": job.by,
        "ground": job.ground,
        "level": int(job.level),
        "over": None if job.over is None else " ".join(sorted(job.over)),
        "state": job.state.value,
        "cursor": job.cursor,
        "total": job.total,
        "done": job.done,
        "refused": job.refused,
        "created": micros(job.created),
        "ended": stamp_or_none(job.ended),
        "version": job.version,
        "running": _running(job) if job.state in OPEN else None,
    }


def _job(row: Row) -> Job:
    id_, kind, first, second, by, ground, level, over, state, cursor, total, done, refused, created = row[:14]
    return Job(
        id=JobId(UUID(bytes=id_)),
        kind=JobKind(kind),
        first=PartyId(UUID(bytes=first)),
        second=PartyId(UUID(bytes=second)),
        by=by,
        ground=ground,
        level=Level(level),
        over=None if over is None else frozenset(map(Power, over.split())),
        state=JobState(state),
        cursor=cursor,
        total=total,
        done=done,
        refused=refused,
        created=moment(created),
        ended=moment_or_none(row[14]),
        version=row[15],
    )
