"""Ending links: one by one, or all that an account could vouch for when somebody else may have used it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.audit.events import LinkEnded, Personal
from toegang.errors import NotLinked, Refusal
from toegang.means.citizen.notices import ProofsWithdrawn

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.ids import Ids
    from toegang.means.citizen.account import Account
    from toegang.means.external.linking import Link, LinkId, LinkStore
    from toegang.post.outbox import Outbox
    from toegang.units import Unit

VOUCHED: Final = Level.SUBSTANTIAL
"""The highest that an account, its apps and passkeys prove. A link worth more was made or confirmed without
them: by a card, or by a BSN that the other party told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnds:
    """Ends links, and withdraws what they proved (means.citizen.account.LinkedMeans)."""

    links: LinkStore
    outbox: Outbox
    trail: Trail
    ids: Ids

    async def end(self, unit: Unit, link: Link, by: str, now: datetime) -> bool:
        """End a link; what it proved counts no more from the commit on. False when it had ended already."""
        ended = await self.links.change(unit, link.account, lambda kept: _ended(kept, link.id, now))
        if ended is None or isinstance(ended, Refusal):
            return False
        event = LinkEnded(at=now, means=ended.means, by=by, person=Personal.of(ended.person))
        await self.trail.record(unit, event)
        notice = ProofsWithdrawn(means=ended.means, account="", person=ended.person, why="link-ended", at=now)
        await self.outbox.put(unit, notice.message(self.ids), now)
        return True

    async def end_all(self, unit: Unit, account: Account, why: str, now: datetime) -> bool:
        """L16: end the links of an account's person that a login with that account may have made.

        Who had the account may have linked an account of their own, and would come back by it. An
        application that never worked vouched for nothing. True when a link ended.
        """
        if account.person is None or account.activated_at is None:
            return False
        found = await self.links.of_person(account.person)
        done = [await self.end(unit, link, why, now) for link in found if link.level <= VOUCHED]
        return any(done)


def _ended(kept: Link, link: LinkId, now: datetime) -> Link | Refusal:
    if kept.id != link or kept.ended_at is not None:
        return NotLinked()
    return replace(kept, ended_at=now)
