"""Clients put on a team by name: looked for with a button, or suggested while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import NotEntitled, ValueRefused
from toegang.mandates.why import Why
from toegang.web.answers import redirect
from toegang.web.own_clients import BY_NAME, CHOSEN, named, suggested
from toegang.web.own_teams import FIND, ONE_TEAM, TEAM, door, opened, sealed_for, team_desk
from toegang.web.staying import changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.staying import Here


async def find(here: Here) -> Response:
    """Show the clients with a name that starts so; or let the team be for the one that was chosen."""
    place, team = await opened(here)
    if CHOSEN in here.form:
        client = here.rooms.representing.sealed.open(here.form[CHOSEN], sealed_for(here))
        try:
            await door(here).add_client(place.by, team, client, here.now)
        except NotEntitled as refused:
            wrong = ValueRefused(BY_NAME, _reason(refused))
            return (await team_desk(here, place, team)).refuse(ONE_TEAM, wrong)
        return redirect(here.rooms, place.address, here.visit)
    try:
        found, more = await named(here, team.organisation, sealed_for(here))
    except ValueRefused as wrong:
        return (await team_desk(here, place, team)).refuse(ONE_TEAM, wrong)
    return (await team_desk(here, place, team, tuple(found), more)).show(ONE_TEAM)


async def suggest(here: Here) -> Response:
    """Suggest clients of the organisation while somebody types, for the page's script."""
    _, team = await opened(here)
    return await suggested(here, team.organisation, sealed_for(here))


def _reason(refused: NotEntitled) -> str:
    if refused.why == Why.LEVEL_TOO_LOW:
        return f"mandate-{Why.LEVEL_TOO_LOW}"
    return "team-already" if refused.why == Why.PENDING_ALREADY else "no-client-of-it"


ROUTES = (
    ("POST", TEAM + FIND, changing(find)),
    ("POST", TEAM + "/names", inside(suggest)),
)
