"""An organisation's teams as a whole: which clients no team is for, and who works there, on which teams."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from uuid import UUID

from toegang.errors import LoginUnknown, Malformed, NotEntitled
from toegang.mandates.filling import Filling, Outcome
from toegang.mandates.listing import ends
from toegang.mandates.party import PartyId
from toegang.mandates.stores import Page
from toegang.web.own_mandates import last_of
from toegang.web.own_teams import FIRM, ON_A_PAGE, after_in, door, placed, sealed_for
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from toegang.mandates.clients import Clients, Colleague
    from toegang.mandates.listing import Last
    from toegang.mandates.names import Shown
    from toegang.mandates.teams import Team
    from toegang.web.own_teams import Place
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

UNASSIGNED = FIRM + "/unassigned"
COLLEAGUES = FIRM + "/colleagues"
BOX: Final = "client-"
CHOSEN: Final = "team"
TEAMS_AFTER: Final = "teams"

SHEET = Sheet(name="account/team_unassigned", kept=(CHOSEN,), signed_in=True)


async def show_unassigned(here: Here) -> Response:
    """Show the clients that no team is for."""
    return (await _desk(here, await placed(here))).show(SHEET)


async def assign(here: Here) -> Response:
    """Let a team be for those clients whose boxes are ticked."""
    place = await placed(here)
    try:
        team = await _team(here, place)
    except NotEntitled:
        return (await _desk(here, place)).wrong(SHEET, {CHOSEN: ("choose-one",)})
    ticked = [_client(here, each) for each in here.form if each.startswith(BOX)]
    if not ticked:
        return (await _desk(here, place)).wrong(SHEET, {"clients": ("choose-one",)})
    filling = Filling(teams=door(here), by=place.by, team=team)
    judged = await filling.judge(ticked, here.now)
    added = {
        party: Outcome.CLIENT for party, what in judged.items() if what in {Outcome.CLIENT, Outcome.BOTH}
    }
    await filling.fill(added, here.now)
    too_high = sum(what is Outcome.LEVEL_TOO_LOW for what in judged.values())
    return (await _desk(here, place, len(added), team.name, too_high)).show(SHEET)


async def show_colleagues(here: Here) -> Response:
    """Show who works for the organisation, and on which of its teams each of them is."""
    place = await placed(here)
    found = await _clients(here).colleagues(place.by, _last(here), ON_A_PAGE, here.now)
    names = await _names(here, [place.by.organisation, *(each.person for each in found.found)])
    return here.page(
        "account/team_colleagues",
        firm=names[place.by.organisation],
        firm_address=place.address,
        rows=[_row(here, place, each, names) for each in found.found],
        more=_more(found.last),
    )


async def _desk(here: Here, place: Place, added: int = 0, to: str = "", too_high: int = 0) -> Desk:
    """Return where the page is filled in; so many were `added` to the team of that name just now."""
    teams = await door(here).of(place.by, Page(after=after_in(here, TEAMS_AFTER), size=ON_A_PAGE))
    found = await _clients(here).unassigned(place.by, _last(here), ON_A_PAGE, here.now)
    names = await _names(here, [place.by.organisation, *found.clients])
    seal = here.rooms.representing.sealed.seal
    shown = here.request.query_params
    others = {**dict(shown.multi_items()), TEAMS_AFTER: str(teams[-1].id)} if len(teams) == ON_A_PAGE else {}
    return here.desk(
        firm=names[place.by.organisation],
        firm_address=place.address,
        teams=[(str(each.id), each.name) for each in teams],
        other_teams=f"?{urlencode(others)}" if others else "",
        rows=[{"box": BOX + seal(each, sealed_for(here)), "name": names[each]} for each in found.clients],
        more=_more(found.last, shown.get(TEAMS_AFTER, "")),
        added=added,
        to=to,
        too_high=too_high,
    )


def _row(here: Here, place: Place, one: Colleague, names: Mapping[PartyId, Shown]) -> dict[str, object]:
    now = [each for each in one.edges if each.effective(here.now)]
    return {
        "name": names[one.person],
        "for_all": any(not each.terms.teams_only for each in now),
        "early": not now,
        "until": max(map(ends, one.edges)) - timedelta(seconds=1),
        "teams": _linked(place, one.teams),
    }


def _linked(place: Place, teams: Sequence[Team]) -> list[dict[str, str]]:
    return [{"name": each.name, "address": f"{place.address}/{each.id}"} for each in teams]


async def _team(here: Here, place: Place) -> Team:
    """Return the team that was chosen.

    Raises:
        NotEntitled: none, or another organisation's.

    """
    try:
        return await door(here).find(place.by, PartyId(UUID(here.form.get(CHOSEN, ""))))
    except ValueError:
        raise NotEntitled from None


def _client(here: Here, box: str) -> PartyId:
    try:
        return here.rooms.representing.sealed.open(box.removeprefix(BOX), sealed_for(here))
    except Malformed:
        raise LoginUnknown from None


def _clients(here: Here) -> Clients:
    return here.rooms.representing.clients


async def _names(here: Here, parties: Sequence[PartyId]) -> Mapping[PartyId, Shown]:
    return await here.rooms.representing.names.of(parties)


def _last(here: Here) -> Last | None:
    asked = here.request.query_params
    return last_of(asked.get("ends", ""), asked.get("edge", ""))


def _more(last: Last | None, teams: str = "") -> str:
    if last is None:
        return ""
    also = {TEAMS_AFTER: teams} if teams else {}
    return f"?{urlencode({**also, 'ends': last.ends.isoformat(), 'edge': str(last.edge)})}"


ROUTES = (
    ("GET", UNASSIGNED, inside(show_unassigned)),
    ("POST", UNASSIGNED, changing(assign)),
    ("GET", COLLEAGUES, inside(show_colleagues)),
)
