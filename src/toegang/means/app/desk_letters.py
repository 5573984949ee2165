"""Letters in large print for somebody at a desk, who cannot choose them in My account alone.

One clerk is enough: nothing is handed out by it, and the person can choose otherwise in My account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.events import AccountLargePrintSet, DeskIdentityChecked
from toegang.errors import AccountClosed, Refusal, settle
from toegang.means.citizen.account import Account
from toegang.means.citizen.desk import personal

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.at_desk import AtDesk
    from toegang.means.app.visits import Officer, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLetters:
    """What a clerk notes of how somebody reads."""

    at_desk: AtDesk

    async def note(self, officer: Officer, seen: Seen, large: bool, now: datetime) -> None:  # noqa: FBT001 it is the value that is kept
        """Keep whether the person wants letters in large print.

        Raises:
            ValueRefused, NotEntitled, TooManyTries, Unavailable: as AtDesk.check.
            AccountClosed: the account ended meanwhile.

        """
        found, _ = await self.at_desk.check(officer, seen, now)
        desk = self.at_desk.desk.account
        checked = DeskIdentityChecked(
            at=now,
            means=desk.means,
            person=personal(found),
            clerk=officer.name,
            organisation=officer.organisation,
            case=desk.ids.reference(),
            document=seen.document.value,
            document_number=Personal.of(seen.printed),
            asked="large-print" if large else "normal-print",
        )
        chosen = AccountLargePrintSet(
            at=now, means=desk.means, person=personal(found), wanted=large, by="desk"
        )

        def change(kept: Account) -> Account | Refusal:
            return replace(kept, large_print=large) if kept.name is not None else AccountClosed("ended")

        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, found.id, change)
            if isinstance(after, Account):
                await desk.trail.record(unit, checked)
                await desk.trail.record(unit, chosen)
        settle(after or AccountClosed("none"))
