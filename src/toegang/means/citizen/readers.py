"""How people read letters that other rooms have written to them: as they chose for their account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.identity.people import PersonId
from toegang.means.citizen.account import Status
from toegang.post.readers import Reads

if TYPE_CHECKING:
    from uuid import UUID

    from toegang.means.citizen.account import AccountStore


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReaders:
    """post.readers.Readers: of several accounts the active one tells, else the latest."""

    accounts: AccountStore

    async def of(self, person: UUID) -> Reads:
        """Return how a person reads, as they chose; in Dutch who has no account."""
        found = await self.accounts.of_person(PersonId(person))
        chosen = max(found, key=lambda each: (each.status is Status.ACTIVE, each.since), default=None)
        if chosen is None:
            return Reads()
        return Reads(language="en" if chosen.language == "en" else "nl", large_print=chosen.large_print)
