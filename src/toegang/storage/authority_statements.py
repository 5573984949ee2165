"""Statements of authority on either engine: one for each transaction, redeemed in one atomic statement.

What a statement is bound to is kept as hashes only, but for its audience: whoever redeems it brings it along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from toegang.mandates.statement import Binding, Statement, StatementId, Status
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.edge import EdgeId
    from toegang.mandates.party import PartyId
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_ADD = """
INSERT INTO authority_statements (id, txn, bound, until, status, body)
VALUES (:id, :txn, :bound, :until, :status, :body) ON CONFLICT (txn) DO NOTHING
"""
_RESTS = "INSERT INTO authority_statement_edges (edge, statement) VALUES (:edge, :statement)"
_MET = """
INSERT INTO authority_statement_parties (party, issued_at, statement) VALUES (:party, :issued_at, :statement)
"""
_ABOUT = """
SELECT s.body, s.status FROM authority_statement_parties p JOIN authority_statements s ON s.id = p.statement
WHERE p.party = :party AND p.issued_at > :since AND p.issued_at <= :until AND p.statement > :after
ORDER BY p.statement LIMIT :size
"""
_IS_ABOUT = """
SELECT 1 FROM authority_statement_parties WHERE party = :party AND issued_at > :since LIMIT 1
"""
_IN_USE_ABOUT = """
SELECT s.body, s.status FROM authority_statement_parties p JOIN authority_statements s ON s.id = p.statement
WHERE p.party = :party AND (p.issued_at, p.statement) > (:since, :after) AND s.status = 'redeemed'
ORDER BY p.issued_at, p.statement LIMIT :size
"""
_OF = "SELECT body, status, bound FROM authority_statements WHERE txn = :txn"
_REDEEM = """
UPDATE authority_statements SET status = 'redeemed', redeemed_at = :now
WHERE txn = :txn AND bound = :bound AND status = 'issued' AND until > :now
RETURNING body, status
"""
# In the order of their ids: of two mandates that the same statements rest on, or beside logins that come
# back together, two in another order would wait for each other.
_CONTEST = """
UPDATE authority_statements SET status = 'contested' WHERE id IN (
    SELECT id FROM authority_statements WHERE status = 'issued' AND until > :now
        AND id IN (SELECT statement FROM authority_statement_edges WHERE edge = :edge)
    ORDER BY id {for_update}
)
"""
_END = "UPDATE authority_statements SET status = 'ended' WHERE id = :id AND status = 'redeemed'"
_IS_USED = """
SELECT 1 FROM authority_statements
WHERE status = 'redeemed' AND redeemed_at >= :since
    AND id IN (SELECT statement FROM authority_statement_edges WHERE edge = :edge) LIMIT 1
"""
_USED = """
SELECT body, status FROM authority_statements
WHERE status = 'redeemed' AND redeemed_at >= :since AND id > :after
    AND id IN (SELECT statement FROM authority_statement_edges WHERE edge = :edge)
ORDER BY id LIMIT :most
"""
_FIND = "SELECT body, status FROM authority_statements WHERE id = :id"

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Statement).decode


@dataclass(frozen=True, slots=True)
class StatementTable:
    """mandates.stores.Statements: statements, one for each transaction."""

    database: Database

    async def add(self, unit: Unit, statement: Statement) -> bool:
        """Keep it; False, keeping nothing, when its transaction has one."""
        connection = inside(unit)
        added = await connection.execute(
            _ADD,
            {
                "id": statement.id.bytes,
                "txn": _hash(statement.binding.transaction),
                "bound": _bound(statement.binding, str(statement.service)),
                "until": micros(statement.until),
                "status": statement.status.value,
                "body": _encode(replace(statement, binding=_only_audience(statement.binding))),
            },
        )
        if added != 1:
            return False
        id_ = statement.id.bytes
        for edge in edges_of(statement):
            await connection.put(_RESTS, {"edge": edge.bytes, "statement": id_})
        for party in parties_of(statement):
            met: Params = {"party": party.bytes, "issued_at": micros(statement.issued_at), "statement": id_}
            await connection.put(_MET, met)
        return True

    async def of_transaction(self, binding: Binding) -> Statement | None:
        """Find the statement of a transaction; None too when it is bound otherwise."""
        row = await self.database.one(_OF, {"txn": _hash(binding.transaction)})
        if row is None:
            return None
        found = _statement(row, binding)
        return found if row[2] == _bound(binding, str(found.service)) else None

    async def about(
        self, party: PartyId, since: datetime | None, until: datetime, after: StatementId | None, size: int
    ) -> Sequence[Statement]:
        """Return the next statements that met a party, made in `(since, until]`, in the order of ids."""
        asked: Params = {
            "party": party.bytes,
            "since": 0 if since is None else micros(since),
            "until": micros(until),
            "after": b"" if after is None else after.bytes,
            "size": size,
        }
        return [kept_in(row) for row in await self.database.all(_ABOUT, asked)]

    async def is_about(self, unit: Unit, party: PartyId, since: datetime) -> bool:
        """Tell whether anything was stated about a party since."""
        asked: Params = {"party": party.bytes, "since": micros(since)}
        return await inside(unit).one(_IS_ABOUT, asked) is not None

    async def in_use_about(
        self, party: PartyId, since: datetime, after: Statement | None, size: int
    ) -> Sequence[Statement]:
        """Return the next that met a party, were made since and redeemed, in the order of their making."""
        asked: Params = {
            "party": party.bytes,
            "since": micros(since if after is None else after.issued_at),
            "after": b"\xff" * 17 if after is None else after.id.bytes,
            "size": size,
        }
        return [kept_in(row) for row in await self.database.all(_IN_USE_ABOUT, asked)]

    async def redeem(self, unit: Unit, binding: Binding, service: str, now: datetime) -> Statement | None:
        """Take the statement that is bound so, for this service, once; None else."""
        asked: Params = {
            "txn": _hash(binding.transaction),
            "bound": _bound(binding, service),
            "now": micros(now),
        }
        row = await inside(unit).one(_REDEEM, asked)
        return None if row is None else _statement(row, binding)

    async def contest(self, unit: Unit, edge: EdgeId, now: datetime) -> int:
        """Mark what rests on an edge and was not redeemed, so that it never is; return how many."""
        contest = _CONTEST.format(for_update=self.database.for_update)
        return await inside(unit).execute(contest, {"edge": edge.bytes, "now": micros(now)})

    async def end(self, unit: Unit, statement: StatementId) -> bool:
        """End one that was redeemed, for good; False when it is not, or ended before."""
        return await inside(unit).execute(_END, {"id": statement.bytes}) == 1

    async def is_used(self, unit: Unit, edge: EdgeId, since: datetime) -> bool:
        """Tell whether something that rests on an edge was redeemed since."""
        return await inside(unit).one(_IS_USED, {"edge": edge.bytes, "since": micros(since)}) is not None

    async def used(
        self, edge: EdgeId, since: datetime, after: StatementId | None, most: int
    ) -> Sequence[Statement]:
        """Return the next that rest on an edge and were redeemed since, in the order of their ids."""
        asked: Params = {
            "edge": edge.bytes,
            "since": micros(since),
            "after": b"" if after is None else after.bytes,
            "most": most,
        }
        return [kept_in(row) for row in await self.database.all(_USED, asked)]

    async def find(self, statement: StatementId) -> Statement | None:
        """Find by id; of what it is bound to only the audience is known."""
        row = await self.database.one(_FIND, {"id": statement.bytes})
        return None if row is None else kept_in(row)


def edges_of(statement: Statement) -> Sequence[EdgeId]:
    """Return every mandate that a statement rests on, each once."""
    steps = (*statement.path, *statement.under)
    return sorted({step.edge for step in steps if step.edge is not None})


def parties_of(statement: Statement) -> Sequence[PartyId]:
    """Return everybody whom a statement met, each once."""
    return sorted({met.party for met in statement.met})


def statement_in(body: bytes) -> Statement:
    """Read a statement from its body, without what it is bound to."""
    return _decode(body)


def _statement(row: Row, binding: Binding) -> Statement:
    return replace(_decode(row[0]), binding=binding, status=Status(row[1]))


def kept_in(row: Row) -> Statement:
    """Read a statement from its body and status; of what it is bound to only the audience is known."""
    return replace(_decode(row[0]), status=Status(row[1]))


def _only_audience(binding: Binding) -> Binding:
    """Return what is kept of a binding: who redeems it is no secret, and is told when it ends."""
    return Binding(transaction="", audience=binding.audience, nonce="", session="")


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _bound(binding: Binding, service: str) -> bytes:
    """Hash each part by itself, so that no two sets of parts run together into one."""
    parts = (binding.transaction, binding.audience, binding.nonce, binding.session, service)
    return sha256(b"".join(map(_hash, parts))).digest()
