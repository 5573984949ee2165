"""Decision records, kept for good: found by reference code, by the login that they closed, by person."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from toegang.login.decision import Decision
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.base import TransactionId
    from toegang.storage.database import Database
    from toegang.storage.statements import Row
    from toegang.units import Unit

_RECORD = """
    INSERT INTO decisions (reference, login, person, ended_at, body)
    VALUES (:reference, :login, :person, :ended_at, :body)
"""
_FIND = "SELECT body FROM decisions WHERE reference = :reference"
_FIND_BY_LOGIN = "SELECT body FROM decisions WHERE login = :login"
_OF_PERSON = """
    SELECT body FROM decisions WHERE person = :person AND ended_at < :before
    ORDER BY ended_at DESC LIMIT :limit
"""

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Decision).decode


class DecisionsStore:
    """Keeps decision records (login.decision.Decisions)."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def record(self, unit: Unit, decision: Decision) -> None:
        """Keep one record."""
        await inside(unit).put(
            _RECORD,
            {
                "reference": decision.reference,
                "login": _hash(decision.login),
                "person": decision.person.bytes if decision.person else None,
                "ended_at": micros(decision.ended_at),
                "body": _encode(decision),
            },
        )

    async def find(self, reference: str) -> Decision | None:
        """Find by reference code."""
        return _read(await self._database.one(_FIND, {"reference": reference}))

    async def find_by_login(self, login: TransactionId) -> Decision | None:
        """Find by the login that it closed."""
        return _read(await self._database.one(_FIND_BY_LOGIN, {"login": _hash(login)}))

    async def of_person(self, person: PersonId, before: datetime, limit: int) -> tuple[Decision, ...]:
        """Return the last `limit` records of a person that ended before `before`, latest first."""
        rows = await self._database.all(
            _OF_PERSON, {"person": person.bytes, "before": micros(before), "limit": limit}
        )
        return tuple(_decode(body) for (body,) in rows)


def _hash(login: TransactionId) -> bytes:
    return sha256(login.encode()).digest()


def _read(row: Row | None) -> Decision | None:
    return None if row is None else _decode(row[0])
