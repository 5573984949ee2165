"""What pages tell of changes that services announced: from when on a mandate does less, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.mandates.announced import coming, coming_to
from toegang.mandates.edge import Source
from toegang.mandates.scope import Scope
from toegang.mandates.ways import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.mandates.announced import Coming
    from toegang.mandates.desk.visits import Visit
    from toegang.mandates.drafts import Draft
    from toegang.mandates.edge import Edge
    from toegang.web.staying import Here

MOST = 10
"""Services that are named; whoever gave all of a provider need not read hundreds."""


def coming_of(here: Here, edge: Edge) -> list[dict[str, object]]:
    """Return what a mandate will give less of, in the order of days."""
    reached = here.rooms.representing.services.reached(edge.terms.scopes, here.now)
    return _told(coming(edge, reached, here.now))


def coming_in(here: Here, draft: Draft, level: Level, until: datetime | None) -> list[dict[str, object]]:
    """Return the same of what is about to be given or asked at a level."""
    scopes = draft.meant(here.now)
    reached = here.rooms.representing.services.reached(scopes, here.now)
    found = coming_to(
        draft.kind,
        scopes,
        level,
        reached,
        to_firm=draft.to_organisation,
        until=until,
        now=here.now,
        restriction=draft.restriction,
    )
    return _told(found)


def coming_at_desk(here: Here, visit: Visit, until: datetime) -> list[dict[str, object]]:
    """Return the same of what is about to be noted at a desk."""
    scopes = tuple(map(Scope.parse, visit.scopes))
    reached = here.rooms.representing.services.reached(scopes, here.now)
    found = coming_to(
        visit.kind,
        scopes,
        Level.HIGH,
        reached,
        to_firm=visit.helper is not None,
        until=until,
        now=here.now,
        source=Source.ASSISTED,
    )
    return _told(found)


def as_told(found: Iterable[dict[str, object]]) -> tuple[str, ...]:
    """Return the same for the digest of a page on which somebody says yes."""
    return tuple(f"{each['key']} {each['from']} {each['ends']}" for each in found)


def _told(found: Sequence[Coming]) -> list[dict[str, object]]:
    return [
        {
            "key": str(each.service.id),
            "names": each.service.names,
            "from": each.from_,
            "ends": each.effect is Effect.STOPS,
        }
        for each in found[:MOST]
    ]
