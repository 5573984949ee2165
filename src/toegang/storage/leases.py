"""Leases: which process does the work that only one should do at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.storage.statements import Params
    from toegang.units import Unit

_ACQUIRE = """
    INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE leases.holder = excluded.holder OR leases.until <= :now
"""
_RELEASE = "DELETE FROM leases WHERE name = :name AND holder = :holder"


class Leases:
    """One row for each kind of work."""

    async def acquire(self, unit: Unit, name: str, holder: str, until: datetime, now: datetime) -> bool:
        """Take or prolong the lease until `until`; False while another holder has it.

        Acquired in the unit that does the work, it also holds the row until the commit: then no other
        holder can have begun meanwhile, however long the work took.
        """
        params: Params = {"name": name, "holder": holder, "until": micros(until), "now": micros(now)}
        return await inside(unit).execute(_ACQUIRE, params) == 1

    async def release(self, unit: Unit, name: str, holder: str) -> None:
        """Give the lease up, so that another need not wait; nothing happens when it is not held."""
        await inside(unit).put(_RELEASE, {"name": name, "holder": holder})
