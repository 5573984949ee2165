"""Decision records, kept for good: found by reference code, by the login that they closed, by person."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from toegang.catalogue.values import OrganisationId
from toegang.login.decision import Decision
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from toegang.identity.people import PersonId
    from toegang.login.decision import Wanted
    from toegang.means.base import TransactionId
    from toegang.storage.database import Database
    from toegang.storage.statements import Row, Value
    from toegang.units import Unit

_RECORD = """
    INSERT INTO decisions (reference, login, person, organisation, ended_at, body)
    VALUES (:reference, :login, :person, :organisation, :ended_at, :body)
"""
_FIND = "SELECT body FROM decisions WHERE reference = :reference"
_FIND_BY_LOGIN = "SELECT body FROM decisions WHERE login = :login"
_OF_PERSON = """
    SELECT body FROM decisions
    WHERE person = :person {of} AND ended_at <= :before AND (ended_at < :before OR reference < :reference)
      AND ended_at > :after
    ORDER BY ended_at DESC, reference DESC LIMIT :limit
"""
_OF_ANY, _OF_ONE = _OF_PERSON.format(of=""), _OF_PERSON.format(of="AND organisation = :organisation")
# One step in the index for each organisation, however many logins there are of it.
_ORGANISATIONS = """
    WITH RECURSIVE step(name) AS (
        SELECT min(organisation) FROM decisions WHERE person = :person
        UNION ALL
        SELECT (SELECT min(organisation) FROM decisions WHERE person = :person AND organisation > step.name)
        FROM step WHERE step.name IS NOT NULL
    )
    SELECT name FROM step WHERE name IS NOT NULL
"""
_EARLIEST = -(1 << 62)
_ZERO = "\0"  # stands in nothing that is kept, and PostgreSQL refuses the very question

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
                "organisation": decision.organisation,
                "ended_at": micros(decision.ended_at),
                "body": _encode(decision),
            },
        )

    async def find(self, reference: str) -> Decision | None:
        """Find by reference code."""
        if _ZERO in reference:
            return None
        return _read(await self._database.one(_FIND, {"reference": reference}))

    async def find_by_login(self, login: TransactionId) -> Decision | None:
        """Find by the login that it closed."""
        return _read(await self._database.one(_FIND_BY_LOGIN, {"login": _hash(login)}))

    async def of_person(self, person: PersonId, wanted: Wanted) -> tuple[Decision, ...]:
        """Return the last records of a person that are wanted, latest first."""
        if _ZERO in wanted.reference or _ZERO in (wanted.organisation or ""):
            return ()
        params: dict[str, Value] = {
            "person": person.bytes,
            "before": micros(wanted.before),
            "reference": wanted.reference,
            "after": _EARLIEST if wanted.after is None else micros(wanted.after),
            "limit": wanted.limit,
        }
        if wanted.organisation is None:
            rows = await self._database.all(_OF_ANY, params)
        else:
            rows = await self._database.all(_OF_ONE, {**params, "organisation": wanted.organisation})
        return tuple(_decode(body) for (body,) in rows)

    async def organisations_of(self, person: PersonId) -> tuple[OrganisationId, ...]:
        """Return at whose services the person logged in, or tried to."""
        rows = await self._database.all(_ORGANISATIONS, {"person": person.bytes})
        return tuple(OrganisationId(name) for (name,) in rows)


def _hash(login: TransactionId) -> bytes:
    return sha256(login.encode()).digest()


def _read(row: Row | None) -> Decision | None:
    return None if row is None else _decode(row[0])
