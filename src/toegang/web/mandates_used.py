"""Who acted for the person, as the trail has it: when, at which service, within which organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from toegang.identity.people import PersonId
from toegang.mandates.edge import EdgeId
from toegang.mandates.matters import acts_for
from toegang.mandates.names import Shown
from toegang.mandates.party import PartyId, PartyKind
from toegang.mandates.scope import Scope, ScopeKind
from toegang.web.mandates_before import event_in
from toegang.web.own_mandates import MANDATES, actor, base
from toegang.web.staying import inside, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from toegang.audit.events import MandateUsed
    from toegang.web.staying import Here, Pages

LINES = 200  # events of the trail that one page looks through


async def used(here: Here) -> Response:
    """Show who acted for the person, latest first."""
    me, last = actor(here).party, event_in(here.request.query_params.get("before", ""))
    read = await here.rooms.mine.trail.events(PersonId(me), LINES, last)
    services = here.rooms.representing.services
    acts = acts_for(actor(here), (each.event for each in read), services, here.now)
    # Who acted stands there no more once it was erased: that somebody did is shown all the same.
    agents = [PartyId(UUID(each.actor.value)) if each.actor.value else None for each in acts]
    firms = await _firms(here, acts)
    known = (*(each for each in agents if each is not None), *firms.values())
    names = await here.rooms.representing.names.of(known)
    shown = [
        {
            "name": names[agent] if agent is not None else Shown(kind=PartyKind.PERSON),
            "of": names[firms[each.statement]] if each.statement in firms else None,
            "service": services.called(Scope(ScopeKind.SERVICE, each.service)),
            "at": each.at,
        }
        for agent, each in zip(agents, acts, strict=True)
    ]
    older = f"{base(here)}/used?{urlencode({'before': str(read[-1].id)})}" if len(read) == LINES else ""
    return here.page("account/mandates_used", rows=shown, older=older)


async def _firms(here: Here, acts: Sequence[MandateUsed]) -> dict[str, PartyId]:
    """Return within which organisation somebody acted who did so for one, by the statement of each act."""
    last = {each.statement: each.path[-1].partition("/")[0] for each in acts if len(each.path) > 1}
    ids = {name: EdgeId(UUID(text)) for name, text in last.items() if text != "law"}
    edges = await here.rooms.representing.mandates.edges.of(ids.values())
    return {name: edges[id_].agent for name, id_ in ids.items() if id_ in edges}


PAGES: Pages = (("GET", MANDATES + "/used", inside, used),)
ROUTES = made(PAGES)
