"""The newest metadata of models of authenticators that was believed, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec

from toegang.means.passkey.metadata import Metadata
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

_NEWEST = "SELECT body FROM passkey_metadata WHERE pinned = :pinned AND number > :above"
_TAKE = """
INSERT INTO passkey_metadata (pinned, number, body, taken_at) VALUES (:pinned, :number, :body, :now)
ON CONFLICT (pinned) DO UPDATE SET number = excluded.number, body = excluded.body,
    taken_at = excluded.taken_at
WHERE passkey_metadata.number < excluded.number
"""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Metadata).decode


@dataclass(frozen=True, slots=True)
class KnownModelTable:
    """means.passkey.known_models.MetadataStore: one row for each set of pinned roots."""

    database: Database

    async def newest(self, pinned: str, above: int) -> Metadata | None:
        """Return what is kept when its number is above `above`."""
        row = await self.database.one(_NEWEST, {"pinned": pinned, "above": above})
        return None if row is None else read(cast("bytes", row[0]))

    async def take(self, unit: Unit, pinned: str, found: Metadata, now: datetime) -> bool:
        """Keep it when its number is higher than what is kept."""
        kept: Params = {
            "pinned": pinned,
            "number": found.number,
            "body": _encode(found),
            "now": micros(now),
        }
        return await inside(unit).execute(_TAKE, kept) == 1


def read(body: bytes) -> Metadata | None:
    """Read what a node kept; None of what another version wrote otherwise: the file is read anew."""
    try:
        return _decode(body)
    except msgspec.DecodeError:
        return None
