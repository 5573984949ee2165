"""Letting who acts do less: a limit on a mandate in force, by either side (T11); it stays on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.web.mandate_limits import can_be_set, read
from toegang.web.own_mandates import ONE, actor, done, door, edge_of, wrong
from toegang.web.staying import inside, made

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.staying import Here, Pages


async def limit(here: Here) -> Response:
    """Let who acts do less there."""
    edge = await edge_of(here)
    terms = edge.terms
    open_ = can_be_set(here, terms.scopes, edge.kind, terms.worth)
    restriction, errors = read(here, open_, terms.restriction)
    if errors:
        return await wrong(here, errors)
    return await done(here, lambda id_, seen: door(here).limit(actor(here), id_, seen, restriction, here.now))


PAGES: Pages = (("POST", ONE + "/limit", inside, limit),)
ROUTES = made(PAGES)
