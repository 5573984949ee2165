"""Citizen accounts and the devices they were used on, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import Refusal
from toegang.identity.people import PersonId
from toegang.means.citizen.account import Account, AccountId, Device, Status
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

ACCOUNT_COLUMNS = (
    "id, person, status, name, password, language, since, until, number, number_since, failures,"
    " activated_at, last_used_at, proofs_from, checked_at, ended_at, held_from, notices, large_print, mail"
)
ACCOUNT_NAMES = tuple(column.strip() for column in ACCOUNT_COLUMNS.split(","))
_VALUES = ", ".join(f":{name}" for name in ACCOUNT_NAMES)
_ASSIGNED = ", ".join(f"{name} = :{name}" for name in ACCOUNT_NAMES if name != "id")

FIND = f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE id = :id"  # noqa: S608 constant columns
FIND_BY_NAME = f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE name = :name"  # noqa: S608 constant columns
OF_PERSON = f"""
SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE person = :person AND status <> 'ended' ORDER BY since, id
"""  # noqa: S608 constant columns
FREE_NAME = """
UPDATE accounts SET status = 'ended', name = NULL, password = NULL, number = NULL, number_since = NULL,
  ended_at = :now
WHERE name = :name AND status = 'requested' AND until <= :now
"""
ADD = f"INSERT INTO accounts ({ACCOUNT_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (name) DO NOTHING"  # noqa: S608
CHANGE = f"UPDATE accounts SET {_ASSIGNED} WHERE id = :id"  # noqa: S608 constant columns
COUNT_FAILURE = "UPDATE accounts SET failures = failures + 1 WHERE name = :name RETURNING failures"
LAPSE = """
UPDATE accounts SET status = 'ended', name = NULL, password = NULL, number = NULL, number_since = NULL,
  ended_at = :now
WHERE id IN (
  SELECT id FROM accounts WHERE status = 'requested' AND until <= :now
  ORDER BY until LIMIT :most {skip_locked}
)
"""

KNOWN = """
SELECT d.account, d.token, d.since, d.last_used_at, d.failures
FROM account_devices d JOIN accounts a ON a.id = d.account
WHERE a.name = :name AND d.token = :token AND d.last_used_at >= :since
"""
OF_ACCOUNT = """
SELECT account, token, since, last_used_at, failures FROM account_devices
WHERE account = :account ORDER BY last_used_at DESC, token
"""
REMEMBER = """
INSERT INTO account_devices (account, token, since, last_used_at, failures)
VALUES (:account, :token, :since, :last_used_at, 0)
ON CONFLICT (account, token) DO UPDATE SET last_used_at = excluded.last_used_at, failures = 0
RETURNING since
"""
KEEP = """
DELETE FROM account_devices WHERE account = :account AND token NOT IN (
  SELECT token FROM account_devices WHERE account = :account ORDER BY last_used_at DESC, token LIMIT :most
)
"""
MISS = "UPDATE account_devices SET failures = failures + 1 WHERE account = :account AND token = :token"
DROP = "DELETE FROM account_devices WHERE account = :account AND token = :token AND failures >= :most"
FORGET_ONE = "DELETE FROM account_devices WHERE account = :account AND token = :token"
FORGET = "DELETE FROM account_devices WHERE account = :account AND token <> :but"


@dataclass(frozen=True, slots=True)
class AccountTable:
    """means.citizen.account.AccountStore: accounts, for good."""

    database: Database

    async def find(self, account: AccountId) -> Account | None:
        """Find by id."""
        return account_in(await self.database.one(FIND, {"id": account.bytes}))

    async def find_by_name(self, name: bytes) -> Account | None:
        """Find by the keyed hash of the user name."""
        return account_in(await self.database.one(FIND_BY_NAME, {"name": name}))

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Return the person's accounts that have not ended, oldest first."""
        rows = await self.database.all(OF_PERSON, {"person": person.bytes})
        return tuple(account for row in rows if (account := account_in(row)))

    async def add(self, unit: Unit, account: Account, now: datetime) -> bool:
        """Keep a new account; False when the name is another's. A lapsed application frees its name."""
        connection = inside(unit)
        await connection.put(FREE_NAME, {"name": account.name, "now": micros(now)})
        return await connection.execute(ADD, _params(account)) == 1

    async def change(
        self,
        unit: Unit,
        account: AccountId,
        change: Callable[[Account], Account | Refusal],
    ) -> Account | Refusal | None:
        """Replace the account by `change(account)`, holding it against others until the unit ends."""
        connection = inside(unit)
        kept = account_in(await connection.one(FIND + self.database.for_update, {"id": account.bytes}))
        if kept is None:
            return None
        changed = change(kept)
        if not isinstance(changed, Refusal):
            await connection.put(CHANGE, _params(changed))
        return changed

    async def count_failure(self, unit: Unit, name: bytes) -> int | None:
        """Count one failure of the account with this name, and return how many there are now."""
        row = await inside(unit).one(COUNT_FAILURE, {"name": name})
        return None if row is None else int(row[0])

    async def lapse(self, unit: Unit, now: datetime, most: int) -> int:
        """Erase at most so many applications that were not activated in time; return how many."""
        statement = LAPSE.format(skip_locked=self.database.skip_locked)
        return await inside(unit).execute(statement, {"now": micros(now), "most": most})


@dataclass(frozen=True, slots=True)
class DeviceTable:
    """means.citizen.account.DeviceStore: the devices that accounts were used on."""

    database: Database

    async def known(self, name: bytes, token: bytes, since: datetime) -> Device | None:
        """Find the device of the account with this name, used at or after `since`."""
        params: Params = {"name": name, "token": token, "since": micros(since)}
        row = await self.database.one(KNOWN, params)
        return None if row is None else _device(row)

    async def of_account(self, account: AccountId) -> tuple[Device, ...]:
        """Return the account's devices, last used first."""
        rows = await self.database.all(OF_ACCOUNT, {"account": account.bytes})
        return tuple(map(_device, rows))

    async def remember(self, unit: Unit, device: Device, most: int) -> bool:
        """Keep the device or note that it was used, without failures; keep the `most` last used.

        True when it was not known.
        """
        account = device.account.bytes
        params: Params = {
            "account": account,
            "token": device.token,
            "since": micros(device.since),
            "last_used_at": micros(device.last_used_at),
        }
        row = await inside(unit).one(REMEMBER, params)
        await inside(unit).put(KEEP, {"account": account, "most": most})
        return row is not None and row[0] == params["since"]

    async def count_failure(self, unit: Unit, device: Device, most: int) -> None:
        """Count one failure from the device; at `most` it is known no more."""
        params: Params = {"account": device.account.bytes, "token": device.token}
        await inside(unit).put(MISS, params)
        await inside(unit).put(DROP, {**params, "most": most})

    async def forget(self, unit: Unit, account: AccountId, but: bytes = b"") -> None:
        """Forget the account's devices, except the one with token `but`."""
        await inside(unit).put(FORGET, {"account": account.bytes, "but": but})

    async def forget_one(self, unit: Unit, account: AccountId, token: bytes) -> None:
        """Forget one device of the account."""
        await inside(unit).put(FORGET_ONE, {"account": account.bytes, "token": token})


def _params(account: Account) -> Params:
    return {
        "id": account.id.bytes,
        "person": account.person.bytes if account.person else None,
        "status": account.status.value,
        "name": account.name,
        "password": account.password,
        "language": account.language,
        "since": micros(account.since),
        "until": _stamp(account.until),
        "number": account.number,
        "number_since": _stamp(account.number_since),
        "failures": account.failures,
        "activated_at": _stamp(account.activated_at),
        "last_used_at": _stamp(account.last_used_at),
        "proofs_from": _stamp(account.proofs_from),
        "checked_at": _stamp(account.checked_at),
        "ended_at": _stamp(account.ended_at),
        "held_from": account.held_from.value if account.held_from else None,
        "notices": account.notices,
        "large_print": int(account.large_print),
        "mail": account.mail,
    }


def account_in(row: Row | None) -> Account | None:
    """Read an account from `ACCOUNT_COLUMNS`; None without a row."""
    if row is None:
        return None
    identifier, person, status, name, password, language, since, until, number = row[:9]
    number_since, failures, activated_at, last_used_at, proofs_from, checked_at = row[9:15]
    ended_at, held_from, notices, large_print, mail = row[15:]
    return Account(
        id=AccountId(UUID(bytes=identifier)),
        person=PersonId(UUID(bytes=person)) if person else None,
        status=Status(status),
        name=name,
        password=password,
        language=language,
        since=moment(since),
        until=_moment(until),
        number=number,
        number_since=_moment(number_since),
        failures=failures,
        activated_at=_moment(activated_at),
        last_used_at=_moment(last_used_at),
        proofs_from=_moment(proofs_from),
        checked_at=_moment(checked_at),
        ended_at=_moment(ended_at),
        held_from=Status(held_from) if held_from else None,
        notices=notices,
        large_print=bool(large_print),
        mail=mail,
    )


def _device(row: Row) -> Device:
    account, token, since, last_used_at, failures = row
    return Device(
        account=AccountId(UUID(bytes=account)),
        token=token,
        since=moment(since),
        last_used_at=moment(last_used_at),
        failures=failures,
    )


def _stamp(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else moment(stamp)
