"""The limits of a draft: which of them can be set now, and what they are at most."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.catalogue.representation import LimitKind
from toegang.errors import NotEntitled
from toegang.mandates.demands import demands_of, within
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.scope import UNRESTRICTED
from toegang.web.mandate_drafts import level_of
from toegang.web.mandate_limits import can_be_set
from toegang.web.own_mandates import actor, door

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.drafts import Draft
    from toegang.mandates.edge import Edge
    from toegang.mandates.scope import Restriction, Scope
    from toegang.web.staying import Here


async def held(here: Here, draft: Draft) -> Edge | None:
    """Return the mandate that is given on; None for any other, or over meanwhile, as the last page tells."""
    with suppress(NotEntitled):
        if draft.on is not None:
            return await GivingOn(voluntary=door(here)).held(actor(here), draft.on, here.now)
    return None


async def bound_of(here: Here, draft: Draft) -> Restriction:
    """Return what can be given at most: what one holds oneself, of what is given on or in another's name."""
    on = await held(here, draft)
    if on is not None:
        return on.terms.restriction
    return most_of(here, draft, draft.meant(here.now)) or UNRESTRICTED  # none: as the last page tells


def most_of(here: Here, draft: Draft, scopes: Sequence[Scope]) -> Restriction | None:
    """Return what can be given in another's name for these scopes at most; None: it cannot be given."""
    if here.offering is None or draft.on is not None:
        return UNRESTRICTED
    reached = here.rooms.representing.services.reached(scopes, here.now)
    if draft.asking:
        return UNRESTRICTED if here.offering.may_ask(scopes, reached) else None
    about = within(draft.kind, scopes, reached, level_of(here, draft))
    demands = demands_of(each.representation for each in about if each.representation is not None)
    limits = frozenset[LimitKind]() if demands is None else demands.limits
    return here.offering.most(scopes, reached, limits, here.now)


def can_be_set_in(here: Here, draft: Draft) -> tuple[LimitKind, ...]:
    """Return the limits to which all services chosen hold people."""
    return can_be_set(here, draft.meant(here.now), draft.kind, level_of(here, draft))


async def lost(here: Here, draft: Draft) -> bool:
    """Tell whether a limit was chosen before to which not all services chosen since hold people."""
    bound = await bound_of(here, draft)
    return not draft.restriction.kinds <= bound.kinds | set(can_be_set_in(here, draft))
