"""The limits of a draft: which of them can be set now, and what they are at most."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.errors import NotEntitled
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.scope import UNRESTRICTED
from toegang.web.mandate_limits import can_be_set
from toegang.web.mandate_services import level_of
from toegang.web.own_mandates import actor, door

if TYPE_CHECKING:
    from toegang.catalogue.representation import LimitKind
    from toegang.mandates.drafts import Draft
    from toegang.mandates.edge import Edge
    from toegang.mandates.scope import Restriction
    from toegang.web.staying import Here


async def held(here: Here, draft: Draft) -> Edge | None:
    """Return the mandate that is given on; None for any other, or over meanwhile, as the last page tells."""
    with suppress(NotEntitled):
        if draft.on is not None:
            return await GivingOn(voluntary=door(here)).held(actor(here), draft.on, here.now)
    return None


async def bound_of(here: Here, draft: Draft) -> Restriction:
    """Return what can be given at most: of what is given on, what one holds oneself."""
    on = await held(here, draft)
    return UNRESTRICTED if on is None else on.terms.restriction


def can_be_set_in(here: Here, draft: Draft) -> tuple[LimitKind, ...]:
    """Return the limits to which all services chosen hold people."""
    return can_be_set(here, draft.meant(here.now), draft.kind, level_of(here, draft))


async def lost(here: Here, draft: Draft) -> bool:
    """Tell whether a limit was chosen before to which not all services chosen since hold people."""
    bound = await bound_of(here, draft)
    return not draft.restriction.kinds <= bound.kinds | set(can_be_set_in(here, draft))
