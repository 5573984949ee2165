"""The mandates of a person, for the file with their data: theirs, and nothing of who is on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.catalogue.values import Text
from toegang.mandates.listing import Cut, Last, Listing, ends, given_on_by
from toegang.mandates.party import PartyId
from toegang.provider.own_data import PAGE, Part

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.stores import Lists
    from toegang.means.citizen.account import Account
    from toegang.provider.own_data import Row

TITLE: Final = Text(nl="Uw machtigingen", en="Your mandates")


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateData:
    """What the person gave, asked, got and answered, list by list (own_data.Source)."""

    lists: Lists

    async def part(self, account: Account, now: datetime) -> Part:
        """Return every mandate that a person gave and that concerns this one."""
        rows: list[Row] = []
        for listing in Listing:
            last = None
            while account.person and (
                page := await self.lists.page(
                    PartyId(account.person), listing, Cut(last=last, size=PAGE), now
                )
            ):
                me = PartyId(account.person)
                rows += [_row(edge, me, now) for edge in page]
                last = Last(ends=ends(page[-1]), edge=page[-1].id)
        return Part(name="mandates", title=TITLE, rows=tuple(rows))


def _side(edge: Edge, me: PartyId) -> str:
    if me == given_on_by(edge):
        return "gave-on"
    return "agent" if edge.agent == me else "principal"


def _row(edge: Edge, me: PartyId, now: datetime) -> Row:
    return {
        "mandate": str(edge.id),
        "side": _side(edge, me),
        "state": edge.state_at(now).value,
        "since": edge.since,
        "from": edge.terms.from_,
        "until": edge.terms.until,
        "scopes": tuple(scope.key for scope in edge.terms.scopes),
    }
