"""What a mandate said before, for its page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from toegang.mandates.former import FormerTerms
from toegang.web.mandate_limits import limits_shown
from toegang.web.meant import meant

if TYPE_CHECKING:
    from toegang.mandates.edge import Edge
    from toegang.web.staying import Here

FORMER = 5


async def former(here: Here, edge: Edge, at: str) -> dict[str, object]:
    """Return what the mandate said, the latest first; `before` in the address `at` goes on from there."""
    terms = FormerTerms(trail=here.rooms.mine.trail.trail)
    before = event_in(here.request.query_params.get("before", ""))
    found = await terms.of(edge.id, FORMER, before)
    older = f"{at}?{urlencode({'before': str(found.older)})}" if found.older else ""
    said = [
        {
            "at": each.at,
            "until": each.until - timedelta(seconds=1),
            "services": meant(here, each.scopes),
            "limits": limits_shown(here, each.restriction),
        }
        for each in found.said
    ]
    return {"said": said, "since": found.since, "older": older}


def event_in(text: str) -> UUID | None:
    """Read the id of an event of the trail; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
