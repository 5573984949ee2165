"""Grants of the OpenID provider, each with the hash of its code; every one-time step is one statement."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from toegang.provider.grants import EndedGrant, Grant, GrantState, Redemption
from toegang.storage.bearings import BEARING, bearing_in
from toegang.storage.database import inside
from toegang.storage.people import PERSON_COLUMNS, person_in
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import Person, PersonId
    from toegang.login.usable import Bearing
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_COLUMNS = "body, redeemed_at, bound_key, refresh_number, refreshed_at, ended_at"
_WIDTH = _COLUMNS.count(",") + 1
_ADD = """
    INSERT INTO grants (id, code, code_until, session, person, until, body, bound_key, refresh_number)
    VALUES (:id, :code, :code_until, :session, :person, :until, :body, '', 0)
"""
_SPEND = """
    UPDATE grants SET redeemed_at = :now, bound_key = :bound_key
    WHERE code = :code AND redeemed_at IS NULL AND code_until > :now AND ended_at IS NULL
"""
_REDEEM = f"{_SPEND} RETURNING {_COLUMNS}"
_REDEEMED = f"SELECT {_COLUMNS} FROM grants WHERE code = :code AND redeemed_at IS NOT NULL"  # noqa: S608 only names of columns
_FIND = f"SELECT {_COLUMNS} FROM grants WHERE id = :id"  # noqa: S608
_FIND_BY_CODE = f"""
    SELECT {_COLUMNS}, {PERSON_COLUMNS} FROM grants LEFT JOIN people ON people.id = grants.person
    WHERE code = :code AND code_until > :now
"""  # noqa: S608
# Of the person of a grant, in whichever state.
_BEARING = BEARING.replace("{person}", "(SELECT person FROM grants WHERE id = :id)")
_BEARING_BY_CODE = BEARING.replace("{person}", "(SELECT person FROM grants WHERE code = :code)")
_OF_SESSION = f"SELECT {_COLUMNS} FROM grants WHERE session = :session ORDER BY id"  # noqa: S608
_OF_PERSON = f"""
    SELECT {_COLUMNS} FROM grants
    WHERE person = :person AND ended_at IS NULL AND until > :now ORDER BY id
"""  # noqa: S608
_REFRESH = """
    UPDATE grants SET refresh_number = refresh_number + 1, refreshed_at = :now
    WHERE id = :id AND refresh_number = :number AND ended_at IS NULL
"""
_END = "UPDATE grants SET ended_at = :now WHERE id = :id AND ended_at IS NULL"
_END_SESSION = """
    UPDATE grants SET ended_at = :now WHERE session = :session AND ended_at IS NULL RETURNING id
"""
_SWEEP = """
    DELETE FROM grants WHERE id IN (
        SELECT id FROM grants WHERE until <= :now ORDER BY until LIMIT :limit {skip_locked}
    )
"""

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Grant).decode


class GrantsStore:
    """Keeps grants (provider.oidc.grants.Grants)."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database
        self._sweep = _SWEEP.replace("{skip_locked}", database.skip_locked)

    async def add(self, unit: Unit, grant: Grant, code: str) -> None:
        """Keep a grant under its code."""
        person = grant.proven.subject.person
        await inside(unit).put(
            _ADD,
            {
                "id": grant.id,
                "code": _hash(code),
                "code_until": micros(grant.code_until),
                "session": grant.session,
                "person": person.bytes if person else None,
                "until": micros(grant.until),
                "body": _encode(grant),
            },
        )

    async def redeem(
        self, unit: Unit, code: str, bound_key: str, now: datetime
    ) -> tuple[Redemption, GrantState] | None:
        """Redeem a code; of many who try exactly one gets FIRST."""
        connection, hashed = inside(unit), _hash(code)
        code_only: Params = {"code": hashed}
        redeemed, bearing = await connection.both(
            (_REDEEM, {**code_only, "bound_key": bound_key, "now": micros(now)}),
            (_BEARING_BY_CODE, code_only),
        )
        if redeemed:
            return Redemption.FIRST, _state(redeemed[0], None, bearing_in(bearing))
        row = await connection.one(_REDEEMED, code_only)
        return None if row is None else (Redemption.AGAIN, _state(row))

    async def spend(self, unit: Unit, code: str, now: datetime) -> None:
        """Redeem a code, bound to no key; of many who try the unit of exactly one succeeds."""
        spent: Params = {"code": _hash(code), "bound_key": "", "now": micros(now)}
        await inside(unit).put_one(_SPEND, spent)

    async def find(self, id: str) -> GrantState | None:  # noqa: A002
        """Find by id, ended or not."""
        named: Params = {"id": id}
        found, bearing = await self._database.both((_FIND, named), (_BEARING, named))
        return _state(found[0], None, bearing_in(bearing)) if found else None

    async def find_by_code(self, code: str, now: datetime) -> GrantState | None:
        """Find by a code that can be redeemed now or was before, with its person: in one question."""
        hashed: Params = {"code": _hash(code)}
        found, bearing = await self._database.both(
            (_FIND_BY_CODE, {**hashed, "now": micros(now)}), (_BEARING_BY_CODE, hashed)
        )
        row = found[0] if found else None
        return None if row is None else _state(row[:_WIDTH], person_in(row[_WIDTH:]), bearing_in(bearing))

    async def refresh(self, unit: Unit, id: str, number: int, now: datetime) -> bool:  # noqa: A002
        """Step from refresh token `number` to the next; False when another number is good now."""
        return await inside(unit).execute(_REFRESH, {"id": id, "number": number, "now": micros(now)}) == 1

    async def end(self, unit: Unit, id: str, now: datetime) -> bool:  # noqa: A002
        """End the grant; False when it had ended, or never was."""
        return await inside(unit).execute(_END, {"id": id, "now": micros(now)}) == 1

    async def end_session(self, unit: Unit, session: str, now: datetime) -> tuple[EndedGrant, ...]:
        """End every grant of a session and return them all, also those that had ended."""
        connection = inside(unit)
        ended = await connection.all(_END_SESSION, {"session": session, "now": micros(now)})
        newly = {id_ for (id_,) in ended}
        states = map(_state, await connection.all(_OF_SESSION, {"session": session}))
        return tuple(EndedGrant(state=state, newly=state.grant.id in newly) for state in states)

    async def of_session(self, session: str) -> tuple[GrantState, ...]:
        """Return the grants of a session, ended or not."""
        rows = await self._database.all(_OF_SESSION, {"session": session})
        return tuple(_state(row) for row in rows)

    async def of_person(self, person: PersonId, now: datetime) -> tuple[GrantState, ...]:
        """Return the living grants of a person."""
        rows = await self._database.all(_OF_PERSON, {"person": person.bytes, "now": micros(now)})
        return tuple(_state(row) for row in rows)

    async def sweep(self, unit: Unit, now: datetime, limit: int) -> int:
        """Remove at most `limit` grants that are over, oldest first, and return how many."""
        return await inside(unit).execute(self._sweep, {"now": micros(now), "limit": limit})


def _hash(code: str) -> bytes:
    return sha256(b"code\x00" + code.encode()).digest()


def _state(row: Row, person: Person | None = None, bearing: Bearing | None = None) -> GrantState:
    body, redeemed_at, bound_key, number, refreshed_at, ended_at = row
    return GrantState(
        grant=_decode(body),
        redeemed_at=None if redeemed_at is None else moment(redeemed_at),
        bound_key=bound_key,
        refresh_number=number,
        refreshed_at=None if refreshed_at is None else moment(refreshed_at),
        ended_at=None if ended_at is None else moment(ended_at),
        person=person,
        bearing=bearing,
    )
