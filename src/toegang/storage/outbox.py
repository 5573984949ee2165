"""The outbox and the counts of text messages, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.post.budget import Spent
from toegang.post.outbox import Backlog, Sealed
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment, named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.post.outbox import Claim, Fate
    from toegang.storage.database import Database
    from toegang.storage.statements import Row, Value
    from toegang.units import Unit

ADD = """
INSERT INTO outbox (id, kind, to_party, purpose, sealed, until, not_before, put_at, attempts, claim)
VALUES (:id, :kind, :to_party, :purpose, :sealed, :until, :not_before, :put_at, 0, '')
ON CONFLICT (id) DO NOTHING
"""

# Whoever is being claimed by another sender is left out, so that senders never wait for each other.
CLAIM = """
UPDATE outbox SET claim = :claim, attempts = attempts + 1, not_before = :lease
WHERE id IN (
  SELECT id FROM outbox WHERE kind = :kind AND fate = '' AND not_before <= :now {others}
  ORDER BY not_before LIMIT :most {skip_locked}
)
RETURNING id, kind, to_party, purpose, sealed, until, not_before, put_at, attempts, claim
"""

SETTLE = """
UPDATE outbox SET fate = :fate, settled_at = :now, sealed = NULL, claim = ''
WHERE id = :id AND claim = :claim AND fate = ''
"""

POSTPONE = """
UPDATE outbox SET not_before = :not_before, claim = '' WHERE id = :id AND claim = :claim AND fate = ''
"""

BACKLOG = """
SELECT kind, COUNT(*), MIN(not_before) FROM outbox
WHERE fate = '' AND not_before <= :now GROUP BY kind ORDER BY kind
"""

SWEEP = "DELETE FROM outbox WHERE fate <> '' AND settled_at < :before"

COUNT = """
INSERT INTO sms_counts (hour, prefix, shard, sent, used) VALUES (:hour, :prefix, :shard, :sent, :used)
ON CONFLICT (hour, prefix, shard)
DO UPDATE SET sent = sms_counts.sent + excluded.sent, used = sms_counts.used + excluded.used
"""

SPENT = """
SELECT prefix, CAST(SUM(sent) AS BIGINT), CAST(SUM(used) AS BIGINT)
FROM sms_counts
WHERE hour >= :since AND hour < :until GROUP BY prefix ORDER BY prefix
"""

# One row per hour and country would make every login of the country wait for every other.
SHARDS = 16


@dataclass(frozen=True, slots=True)
class Outboxes:
    """post.outbox.OutboxStore: messages until they are settled, their ids for a while after."""

    database: Database

    async def add(self, unit: Unit, message: Sealed) -> None:
        """Keep a new message; adding an id that is there already changes nothing."""
        await inside(unit).put(
            ADD,
            {
                "id": message.id.bytes,
                "kind": message.kind,
                "to_party": message.to_party,
                "purpose": message.purpose,
                "sealed": message.sealed,
                "until": micros(message.until),
                "not_before": micros(message.not_before),
                "put_at": micros(message.put_at),
            },
        )

    async def claim(self, unit: Unit, claim: Claim, now: datetime) -> Sequence[Sealed]:
        """Take due messages under the claim's name, oldest first."""
        params: dict[str, Value] = {
            "claim": claim.name,
            "kind": claim.kind,
            "most": claim.limit,
            "lease": micros(claim.until),
            "now": micros(now),
        }
        but = named("but", sorted(claim.but), params) if claim.but else []
        others = f"AND to_party NOT IN ({', '.join(but)})" if but else ""
        sql = CLAIM.format(skip_locked=self.database.skip_locked, others=others)
        rows = await inside(unit).all(sql, params)
        return sorted((_sealed(row) for row in rows), key=lambda message: message.put_at)

    async def settle(self, unit: Unit, message: Sealed, fate: Fate, now: datetime) -> bool:
        """End the message and erase its payload; False when the claim is no longer the newest."""
        changed = await inside(unit).execute(
            SETTLE,
            {"id": message.id.bytes, "claim": message.claim, "fate": fate.value, "now": micros(now)},
        )
        return changed == 1

    async def postpone(self, unit: Unit, message: Sealed, not_before: datetime) -> bool:
        """Give the message back, due at `not_before`; False when the claim is no longer the newest."""
        changed = await inside(unit).execute(
            POSTPONE,
            {"id": message.id.bytes, "claim": message.claim, "not_before": micros(not_before)},
        )
        return changed == 1

    async def backlog(self, now: datetime) -> Sequence[Backlog]:
        """Count the unsettled messages that are due, per kind."""
        rows = await self.database.all(BACKLOG, {"now": micros(now)})
        return [Backlog(kind=kind, waiting=waiting, oldest=moment(oldest)) for kind, waiting, oldest in rows]

    async def sweep(self, unit: Unit, settled_before: datetime) -> int:
        """Remove what was settled before then and return how many."""
        return await inside(unit).execute(SWEEP, {"before": micros(settled_before)})


@dataclass(frozen=True, slots=True)
class SmsCounts:
    """post.budget.SmsCounters: codes sent and used, per country code and hour."""

    database: Database

    async def count(self, unit: Unit, prefix: str, now: datetime, *, sent: int = 0, used: int = 0) -> None:
        """Add to the counts of the hour of `now`."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        await inside(unit).put(
            COUNT,
            {
                "hour": micros(hour),
                "prefix": prefix,
                "shard": ((now - hour) // timedelta(microseconds=1)) % SHARDS,
                "sent": sent,
                "used": used,
            },
        )

    async def spent(self, unit: Unit, since: datetime, until: datetime) -> Sequence[Spent]:
        """Add up per country code over the hours in `[since, until)`."""
        rows = await inside(unit).all(SPENT, {"since": micros(since), "until": micros(until)})
        return [Spent(prefix=prefix, sent=sent, used=used) for prefix, sent, used in rows]


def _sealed(row: Row) -> Sealed:
    id_, kind, to_party, purpose, sealed, until, not_before, put_at, attempts, claim = row
    return Sealed(
        id=UUID(bytes=bytes(id_)),
        kind=kind,
        to_party=to_party,
        purpose=purpose,
        sealed=bytes(sealed),
        until=moment(until),
        not_before=moment(not_before),
        put_at=moment(put_at),
        attempts=attempts,
        claim=claim,
    )
