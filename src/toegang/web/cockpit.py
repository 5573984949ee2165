"""The cockpit, for operators: which partner has which keys, who still uses an old one, what breaks when.

Here too: the certificates of authorities whose documents and cards are believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from toegang.web.staying import COCKPIT, operating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from toegang.catalogue.partners.cockpit import PartnerView
    from toegang.web.staying import Here

PARTNER = COCKPIT + "/partner"
PAGE = 25
"""Partners on one page."""

LONGEST = 200
"""Letters of a search that are looked at."""


async def keys(here: Here) -> Response:
    """Show our keys, the certificates in folders, and the partners with whom something breaks first."""
    asked = here.request.query_params
    words, first = asked.get("partner", "")[:LONGEST], _number(asked.get("from", ""))
    found = await here.rooms.cockpit.partners(words, here.now)
    return here.page(
        "cockpit/keys",
        own=here.rooms.cockpit.own_keys(here.now),
        certificates=await here.rooms.cockpit.certificates(here.now),
        words=words,
        count=len(found),
        troubled=sum(1 for each in found if each.breaks),
        partners=[_row(each) for each in found[first : first + PAGE]],
        before=_address(words, first - PAGE) if first else "",
        after=_address(words, first + PAGE) if first + PAGE < len(found) else "",
    )


async def partner(here: Here) -> Response:
    """Show one partner."""
    entity_id = here.request.query_params.get("entity", "")
    return here.page("cockpit/partner", partner=await here.rooms.cockpit.partner(entity_id, here.now))


def address_of(entity_id: str) -> str:
    """Return where the page of a partner is."""
    return f"{PARTNER}?{urlencode({'entity': entity_id})}"


def _row(view: PartnerView) -> dict[str, object]:
    return {
        "entity_id": view.entity_id,
        "address": address_of(view.entity_id),
        "organisation": view.organisation.names if view.organisation else None,
        "breaks": _first(view.breaks),
    }


def _first(breaks: Sequence[object]) -> object:
    return breaks[0] if breaks else None


def _address(words: str, first: int) -> str:
    return f"{COCKPIT}?{urlencode({'partner': words, 'from': max(0, first)})}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 0


ROUTES = (
    ("GET", COCKPIT, operating(keys)),
    ("GET", PARTNER, operating(partner)),
)
