"""Links between persons and their accounts at other parties, kept for good, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import Refusal
from toegang.identity.people import PersonId
from toegang.means.external.linking import Link, LinkId
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_COLUMNS = "account, id, issuer, means, person, level, made_at, last_used_at, proofs_from, ended_at"
_VALUES = ", ".join(f":{column}" for column in _COLUMNS.split(", "))
_ASSIGNED = ", ".join(f"{column} = :{column}" for column in _COLUMNS.split(", ")[1:])

FIND = f"SELECT {_COLUMNS} FROM links WHERE account = :account"  # noqa: S608 constant columns
OF_PERSON = f"""
SELECT {_COLUMNS} FROM links WHERE person = :person AND ended_at IS NULL ORDER BY made_at, id
"""  # noqa: S608 constant columns
ADD = f"INSERT INTO links ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (account) DO NOTHING"  # noqa: S608
CHANGE = f"UPDATE links SET {_ASSIGNED} WHERE account = :account"  # noqa: S608 constant columns


@dataclass(frozen=True, slots=True)
class LinkTable:
    """means.external.linking.LinkStore: links, one for each account elsewhere."""

    database: Database

    async def find(self, account: bytes) -> Link | None:
        """Find by the keyed hash, ended or not."""
        return _link(await self.database.one(FIND, {"account": account}))

    async def of_person(self, person: PersonId) -> tuple[Link, ...]:
        """Return the person's links that have not ended, oldest first."""
        rows = await self.database.all(OF_PERSON, {"person": person.bytes})
        return tuple(link for row in rows if (link := _link(row)))

    async def add(self, unit: Unit, link: Link) -> bool:
        """Keep a new link; False, keeping nothing, when there is or was one of this account. Atomic."""
        return await inside(unit).execute(ADD, _params(link)) == 1

    async def change(
        self, unit: Unit, account: bytes, change: Callable[[Link], Link | Refusal]
    ) -> Link | Refusal | None:
        """Replace a link by `change(link)`, holding it against others until the unit ends."""
        connection = inside(unit)
        kept = _link(await connection.one(FIND + self.database.for_update, {"account": account}))
        if kept is None:
            return None
        changed = change(kept)
        if not isinstance(changed, Refusal):
            await connection.put(CHANGE, _params(changed))
        return changed


def _params(link: Link) -> Params:
    return {
        "account": link.account,
        "id": link.id.bytes,
        "issuer": link.issuer,
        "means": link.means,
        "person": link.person.bytes,
        "level": int(link.level),
        "made_at": micros(link.made_at),
        "last_used_at": micros(link.last_used_at),
        "proofs_from": None if link.proofs_from is None else micros(link.proofs_from),
        "ended_at": None if link.ended_at is None else micros(link.ended_at),
    }


def _link(row: Row | None) -> Link | None:
    if row is None:
        return None
    account, identifier, issuer, means, person, level, made_at, last_used_at, proofs_from, ended_at = row
    return Link(
        id=LinkId(UUID(bytes=identifier)),
        account=account,
        issuer=issuer,
        means=MeansId(means),
        person=PersonId(UUID(bytes=person)),
        level=Level(level),
        made_at=moment(made_at),
        last_used_at=moment(last_used_at),
        proofs_from=None if proofs_from is None else moment(proofs_from),
        ended_at=None if ended_at is None else moment(ended_at),
    )
