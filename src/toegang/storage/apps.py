"""The apps of accounts, and which pages changed lately for whoever waits, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import Refusal
from toegang.means.app.values import App, AppId, AppStatus
from toegang.means.app.watching import KEPT
from toegang.means.citizen.account import AccountId
from toegang.storage.accounts import ACCOUNT_NAMES, account_in
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_COLUMNS = (
    "id, account, means, status, name, level, device_key, pin_key, turn, turn_before, push, failures, since,"
    " activated_at, last_used_at, ended_at, ended_by, checked_at, level_before"
)
_NAMES = tuple(column.strip() for column in _COLUMNS.split(","))
_VALUES = ", ".join(f":{name}" for name in _NAMES)
_ASSIGNED = ", ".join(f"{name} = :{name}" for name in _NAMES[1:])

FIND = f"SELECT {_COLUMNS} FROM apps WHERE id = :id"  # noqa: S608 constant columns
FIND_OWNED = f"""
SELECT {", ".join(f"a.{name}" for name in _NAMES)}, {", ".join(f"o.{name}" for name in ACCOUNT_NAMES)}
FROM apps a LEFT JOIN accounts o ON o.id = a.account WHERE a.id = :id
"""  # noqa: S608 constant columns
OF_ACCOUNT = f"""
SELECT {_COLUMNS} FROM apps WHERE account = :account AND status <> 'stopped' ORDER BY since, id
"""  # noqa: S608 constant columns
ADD = f"INSERT INTO apps ({_COLUMNS}) VALUES ({_VALUES})"  # noqa: S608 constant columns
CHANGE = f"UPDATE apps SET {_ASSIGNED} WHERE id = :id"  # noqa: S608 constant columns
STOP_ALL = """
UPDATE apps SET status = 'stopped', name = '', push = NULL, ended_at = :now, ended_by = :why
WHERE account = :account AND status <> 'stopped'
"""
NOTE = """
INSERT INTO app_changes (id, at) VALUES (:id, :at) ON CONFLICT (id) DO UPDATE SET at = excluded.at
"""
SINCE = "SELECT id FROM app_changes WHERE at >= :at"
SWEEP = """
DELETE FROM app_changes WHERE id IN (
  SELECT id FROM app_changes WHERE at < :at ORDER BY at LIMIT :most {skip_locked}
)
"""


@dataclass(frozen=True, slots=True)
class AppTable:
    """means.app.values.AppStore: apps, for good."""

    database: Database

    async def find(self, app: AppId) -> App | None:
        """Find by id."""
        return _app(await self.database.one(FIND, {"id": app.bytes}))

    async def find_owned(self, app: AppId) -> tuple[App | None, Account | None]:
        """Find by id, with the account that it is of, in one question."""
        row = await self.database.one(FIND_OWNED, {"id": app.bytes})
        if row is None:
            return None, None
        owner = row[len(_NAMES) :]
        return _app(row[: len(_NAMES)]), account_in(owner) if owner[0] else None

    async def of_account(self, account: AccountId) -> tuple[App, ...]:
        """Return the account's apps that were not stopped, oldest first."""
        return _apps(await self.database.all(OF_ACCOUNT, {"account": account.bytes}))

    async def add(self, unit: Unit, app: App) -> None:
        """Keep a new app."""
        await inside(unit).put(ADD, _params(app))

    async def change(
        self, unit: Unit, app: AppId, change: Callable[[App], App | Refusal]
    ) -> App | Refusal | None:
        """Replace the app by `change(app)`, holding it against others until the unit ends."""
        connection = inside(unit)
        kept = _app(await connection.one(FIND + self.database.for_update, {"id": app.bytes}))
        if kept is None:
            return None
        changed = change(kept)
        if not isinstance(changed, Refusal):
            await connection.put(CHANGE, _params(changed))
        return changed

    async def stop_all(self, unit: Unit, account: AccountId, why: str, now: datetime) -> tuple[App, ...]:
        """Stop every app of the account that was not stopped; return them as they were before."""
        connection = inside(unit)
        params: Params = {"account": account.bytes}
        found = _apps(await connection.all(OF_ACCOUNT + self.database.for_update, params))
        if found:
            await connection.put(STOP_ALL, {**params, "now": micros(now), "why": why})
        return found


@dataclass(frozen=True, slots=True)
class AppChanges:
    """means.app.watching.ChangeStore: which pairings changed lately."""

    database: Database

    async def note(self, unit: Unit, key: bytes, now: datetime) -> None:
        """Note that it changed now."""
        await inside(unit).put(NOTE, {"id": key, "at": micros(now)})

    async def since(self, at: datetime) -> frozenset[bytes]:
        """Return what changed at or after `at`."""
        return frozenset(row[0] for row in await self.database.all(SINCE, {"at": micros(at)}))

    async def sweep(self, unit: Unit, now: datetime, most: int) -> int:
        """Remove at most so many notes that nobody asks for any more; return how many."""
        statement = SWEEP.format(skip_locked=self.database.skip_locked)
        return await inside(unit).execute(statement, {"at": micros(now - KEPT), "most": most})


def _params(app: App) -> Params:
    return {
        "id": app.id.bytes,
        "account": app.account.bytes,
        "means": app.means,
        "status": app.status.value,
        "name": app.name,
        "level": int(app.level),
        "device_key": app.device_key,
        "pin_key": app.pin_key,
        "turn": app.turn,
        "turn_before": app.turn_before,
        "push": app.push,
        "failures": app.failures,
        "since": micros(app.since),
        "activated_at": stamp_or_none(app.activated_at),
        "last_used_at": stamp_or_none(app.last_used_at),
        "ended_at": stamp_or_none(app.ended_at),
        "ended_by": app.ended_by,
        "checked_at": stamp_or_none(app.checked_at),
        "level_before": None if app.level_before is None else int(app.level_before),
    }


def _apps(rows: list[Row]) -> tuple[App, ...]:
    return tuple(app for row in rows if (app := _app(row)))


def _app(row: Row | None) -> App | None:
    if row is None:
        return None
    identifier, account, means, status, name, level, device_key, pin_key, turn, turn_before = row[:10]
    push, failures, since, activated_at, last_used_at, ended_at, ended_by, checked_at, before = row[10:]
    return App(
        id=AppId(UUID(bytes=identifier)),
        account=AccountId(UUID(bytes=account)),
        means=MeansId(means),
        status=AppStatus(status),
        name=name,
        level=Level(level),
        device_key=device_key,
        pin_key=pin_key,
        turn=turn,
        turn_before=turn_before,
        push=push,
        failures=failures,
        since=moment(since),
        activated_at=moment_or_none(activated_at),
        last_used_at=moment_or_none(last_used_at),
        ended_at=moment_or_none(ended_at),
        ended_by=ended_by,
        checked_at=moment_or_none(checked_at),
        level_before=None if before is None else Level(before),
    )
