"""Ending mandates in My account: one, or everything with somebody; and why, if who ends it wants to tell."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.errors import LoginUnknown
from toegang.mandates.everything import Everything
from toegang.mandates.giving_on import acting_on
from toegang.mandates.reasons import Reason
from toegang.web.answers import redirect
from toegang.web.own_mandates import (
    ONE,
    acted,
    actor,
    base,
    door,
    edge_of,
    other_side,
    reasons,
    told,
)
from toegang.web.staying import inside, made

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.staying import Here, Pages

FIELD = "reason"


async def end(here: Here) -> Response:
    """End it; never refused for what is one's own and not over."""
    me = acting_on(await edge_of(here), actor(here))
    note = await reasons(here).noting(me, _reason(here), here.now)
    return await acted(here, lambda edge, seen: door(here).end(me, edge, seen, here.now, also=note))


async def show_everything(here: Here) -> Response:
    """Ask whether everything with the other side is to end; they have none who did not answer a number."""
    shown = await told(here, await edge_of(here))
    if not shown["may_end_all"]:
        raise LoginUnknown
    others = await Everything(voluntary=door(here)).some_by_number(actor(here), here.now)
    return here.page("account/mandate_everything", others=others, **shown)


async def end_everything(here: Here) -> Response:
    """End everything with the other side; of many the rest ends by itself, and a page says how far it is."""
    edge, me = await edge_of(here), actor(here)
    if not (await told(here, edge))["may_end_all"]:
        raise LoginUnknown
    jobs, other = here.rooms.representing.jobs, other_side(edge, me.party)
    job = await jobs.end_everything(me, other, _reason(here), here.now)
    return redirect(here.rooms, base(here) if job is None else f"{base(here)}/jobs/{job.id}", here.visit)


def _reason(here: Here) -> Reason | None:
    """Return why, if that was told; nobody is kept from ending by what is no reason of the list."""
    with suppress(ValueError):
        return Reason(here.form.get(FIELD, ""))
    return None


PAGES: Pages = (
    ("POST", ONE + "/end", inside, end),
    ("GET", ONE + "/everything", inside, show_everything),
    ("POST", ONE + "/everything", inside, end_everything),
)
ROUTES = made(PAGES)
