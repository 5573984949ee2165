"""The passkeys of accounts, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import Refusal
from toegang.means.citizen.account import AccountId
from toegang.means.passkey.values import Passkey, PasskeyId, PasskeyStatus
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_COLUMNS = (
    "id, account, means, status, name, level, credential, public_key, handle, count, eligible, backed_up,"
    " model, attested, told, transports, since, last_used_at, ended_at, ended_by"
)
_NAMES = tuple(column.strip() for column in _COLUMNS.split(","))
_VALUES = ", ".join(f":{name}" for name in _NAMES)
_ASSIGNED = ", ".join(f"{name} = :{name}" for name in _NAMES[1:])

FIND = f"SELECT {_COLUMNS} FROM passkeys WHERE id = :id"  # noqa: S608 constant columns
BY_CREDENTIAL = f"SELECT {_COLUMNS} FROM passkeys WHERE credential = :credential"  # noqa: S608 constant columns
OF_ACCOUNT = f"""
SELECT {_COLUMNS} FROM passkeys WHERE account = :account AND status <> 'stopped' ORDER BY since, id
"""  # noqa: S608 constant columns
ADD = f"""
INSERT INTO passkeys ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (credential) DO NOTHING
"""  # noqa: S608 constant columns
CHANGE = f"UPDATE passkeys SET {_ASSIGNED} WHERE id = :id"  # noqa: S608 constant columns
STOP_ALL = """
UPDATE passkeys SET status = 'stopped', name = '', ended_at = :now, ended_by = :why
WHERE account = :account AND status <> 'stopped'
"""


@dataclass(frozen=True, slots=True)
class PasskeyTable:
    """means.passkey.values.PasskeyStore: passkeys, for good."""

    database: Database

    async def find(self, passkey: PasskeyId) -> Passkey | None:
        """Find by id."""
        return _passkey(await self.database.one(FIND, {"id": passkey.bytes}))

    async def find_by_credential(self, credential: bytes) -> Passkey | None:
        """Find by the id that the device gave it."""
        return _passkey(await self.database.one(BY_CREDENTIAL, {"credential": credential}))

    async def of_account(self, account: AccountId) -> tuple[Passkey, ...]:
        """Return the account's passkeys that were not stopped, oldest first."""
        return _passkeys(await self.database.all(OF_ACCOUNT, {"account": account.bytes}))

    async def add(self, unit: Unit, passkey: Passkey) -> bool:
        """Keep a new passkey; False, keeping nothing, when its credential is known, stopped or not."""
        return await inside(unit).execute(ADD, _params(passkey)) == 1

    async def change(
        self, unit: Unit, passkey: PasskeyId, change: Callable[[Passkey], Passkey | Refusal]
    ) -> Passkey | Refusal | None:
        """Replace the passkey by `change(passkey)`, holding it against others until the unit ends."""
        connection = inside(unit)
        kept = _passkey(await connection.one(FIND + self.database.for_update, {"id": passkey.bytes}))
        if kept is None:
            return None
        changed = change(kept)
        if not isinstance(changed, Refusal):
            await connection.put(CHANGE, _params(changed))
        return changed

    async def stop_all(self, unit: Unit, account: AccountId, why: str, now: datetime) -> tuple[Passkey, ...]:
        """Stop every passkey of the account that was not stopped; return them as they were before."""
        connection = inside(unit)
        params: Params = {"account": account.bytes}
        found = _passkeys(await connection.all(OF_ACCOUNT + self.database.for_update, params))
        if found:
            await connection.put(STOP_ALL, {**params, "now": micros(now), "why": why})
        return found


def _params(passkey: Passkey) -> Params:
    return {
        "id": passkey.id.bytes,
        "account": passkey.account.bytes,
        "means": passkey.means,
        "status": passkey.status.value,
        "name": passkey.name,
        "level": int(passkey.level),
        "credential": passkey.credential,
        "public_key": passkey.public_key,
        "handle": passkey.handle,
        "count": passkey.count,
        "eligible": int(passkey.eligible),
        "backed_up": int(passkey.backed_up),
        "model": passkey.model,
        "attested": int(passkey.attested),
        "told": None if passkey.told is None else int(passkey.told),
        "transports": " ".join(passkey.transports),
        "since": micros(passkey.since),
        "last_used_at": stamp_or_none(passkey.last_used_at),
        "ended_at": stamp_or_none(passkey.ended_at),
        "ended_by": passkey.ended_by,
    }


def _passkeys(rows: list[Row]) -> tuple[Passkey, ...]:
    return tuple(passkey for row in rows if (passkey := _passkey(row)))


def _passkey(row: Row | None) -> Passkey | None:
    if row is None:
        return None
    identifier, account, means, status, name, level, credential, public_key, handle, count = row[:10]
    eligible, backed_up, model, attested, told, transports, since, last_used_at, ended_at, ended_by = row[10:]
    return Passkey(
        id=PasskeyId(UUID(bytes=identifier)),
        account=AccountId(UUID(bytes=account)),
        means=MeansId(means),
        status=PasskeyStatus(status),
        name=name,
        level=Level(level),
        credential=credential,
        public_key=public_key,
        handle=handle,
        count=count,
        eligible=bool(eligible),
        backed_up=bool(backed_up),
        model=model,
        attested=bool(attested),
        told=None if told is None else Level(told),
        transports=tuple(transports.split()),
        since=moment(since),
        last_used_at=moment_or_none(last_used_at),
        ended_at=moment_or_none(ended_at),
        ended_by=ended_by,
    )
