"""What the population register said of a document, for rooms that rest on it at the moment of use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.life.store import LOWERS

if TYPE_CHECKING:
    from toegang.identity.people import PersonId
    from toegang.keys.secret import FindingKey
    from toegang.means.life.store import LifeStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Reports about documents of people of ours, found by the keyed hash of type and number."""

    store: LifeStore
    finding: FindingKey

    def key(self, type_: str, number: str) -> bytes:
        """Return the keyed hash that a document is found by."""
        return self.finding.find(f"document {type_} {number.upper()}".encode())

    async def is_reported(self, person: PersonId, type_: str, number: str) -> bool:
        """eIDAS-2015/1502-2.1.2: tell whether this document was last heard of as lost or stolen."""
        key = self.key(type_, number)
        reports = await self.store.reports_of(person)
        return any(report.document == key and report.state in LOWERS for report in reports)
