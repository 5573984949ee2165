"""Teams of an organisation, in My account of who may change them: lists of people and of clients, by pages.

Who wants to change them names the organisation by its number: whether that is anybody's is told only to who
may. Whoever is added is named by number too, and must work there or be its client already, so nobody learns
from a team who somebody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from toegang.errors import LoginUnknown, Malformed, NotEntitled, ValueRefused
from toegang.identity.numbers import KVK_LENGTH, Bsn, KvkNumber
from toegang.mandates.bounds import NUMBERS
from toegang.mandates.party import PartyId
from toegang.mandates.stores import Page
from toegang.mandates.why import Why
from toegang.web.answers import redirect
from toegang.web.own_mandates import actor, address_for
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from toegang.mandates.numbers import Number
    from toegang.mandates.teams import Steward, Team, Teams
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

TEAMS = HOME + "/teams"
FIRM = TEAMS + "/{firm}"
TEAM = FIRM + "/{team}"
ON_A_PAGE = 20
AFTER, PEOPLE, CLIENTS = "after", "people", "clients"
FIND = "/find"
BY_NUMBER, ADDED = "team_firm", "team_add"

ENTER = Sheet(name="account/teams", kept=(BY_NUMBER,), signed_in=True)
ONE_FIRM = Sheet(name="account/teams_firm", kept=("team_name",), signed_in=True)
ONE_TEAM = Sheet(name="account/team", kept=(ADDED, "client_name"), signed_in=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose teams a page is about, and where it stands."""

    firm: str
    by: Steward
    team: Team | None = None

    @property
    def address(self) -> str:
        """Where the page stands."""
        return f"{TEAMS}/{self.firm}" if self.team is None else f"{TEAMS}/{self.firm}/{self.team.id}"


async def show_enter(here: Here) -> Response:
    """Ask of which organisation."""
    return here.desk().show(ENTER)


async def enter(here: Here) -> Response:
    """Go to the teams of an organisation."""
    desk = here.desk()
    try:
        party = await _numbered(here, BY_NUMBER, "team-not-yours")
        me = actor(here)
        try:
            await door(here).steward(me.party, party, me.level, here.now)
        except NotEntitled as error:
            raise ValueRefused(BY_NUMBER, "team-not-yours") from error
    except ValueRefused as wrong:
        return desk.refuse(ENTER, wrong)
    await _give_back(here)
    return redirect(here.rooms, address_of(here, party), here.visit)


def address_of(here: Here, organisation: PartyId) -> str:
    """Return where the teams of an organisation stand for this stay; it proves nothing."""
    return f"{TEAMS}/{here.rooms.representing.sealed.seal(organisation, sealed_for(here))}"


async def show_firm(here: Here) -> Response:
    """Show the teams of an organisation."""
    return (await _firm_desk(here, await placed(here))).show(ONE_FIRM)


async def make(here: Here) -> Response:
    """Make a team."""
    place = await placed(here)
    try:
        team = await door(here).make(place.by, here.form.get("team_name", ""), here.now)
    except NotEntitled:
        return (await _firm_desk(here, place)).wrong(ONE_FIRM, {"team_name": ("team-not-made",)})
    return redirect(here.rooms, f"{place.address}/{team.id}", here.visit)


async def show_team(here: Here) -> Response:
    """Show who is on a team, and for whom it is."""
    place, team = await opened(here)
    return (await team_desk(here, place, team)).show(ONE_TEAM)


async def add(here: Here) -> Response:
    """Put somebody on a team: who works there as one of its people, who is a client as one of its clients."""
    place, team = await opened(here)
    try:
        party = await _numbered(here, ADDED, "team-not-theirs")
        await _add(here, place.by, team, party)
    except ValueRefused as wrong:
        return (await team_desk(here, place, team)).refuse(ONE_TEAM, wrong)
    await _give_back(here)
    return redirect(here.rooms, place.address, here.visit)


async def remove(here: Here) -> Response:
    """Take somebody off a team."""
    place, team = await opened(here)
    await door(here).remove(place.by, team, _whom(here), here.now)
    return redirect(here.rooms, place.address, here.visit)


async def limit(here: Here) -> Response:
    """Let somebody act for the clients of their teams only."""
    place, _ = await opened(here)
    await door(here).limit(place.by, _whom(here), here.now)
    return redirect(here.rooms, place.address, here.visit)


async def close(here: Here) -> Response:
    """Remove an empty team."""
    place, team = await opened(here)
    try:
        await door(here).close(place.by, team, here.now)
    except NotEntitled:
        return (await team_desk(here, place, team)).wrong(ONE_TEAM, {"": ("team-not-empty",)})
    return redirect(here.rooms, f"{TEAMS}/{place.firm}", here.visit)


def door(here: Here) -> Teams:
    """Return the room of teams."""
    return here.rooms.representing.teams


async def placed(here: Here) -> Place:
    """Return whose teams the page is about, decided anew at every page.

    Raises:
        LoginUnknown: nobody's, or not theirs to change; never said which.

    """
    firm, me = here.request.path_params["firm"], actor(here)
    try:
        party = here.rooms.representing.sealed.open(firm, sealed_for(here))
        return Place(firm=firm, by=await door(here).steward(me.party, party, me.level, here.now))
    except (Malformed, NotEntitled):
        raise LoginUnknown from None


async def opened(here: Here) -> tuple[Place, Team]:
    """Return whose team the page is about, and which, decided anew at every page.

    Raises:
        LoginUnknown: nobody's, or not theirs to change; never said which.

    """
    place = await placed(here)
    try:
        team = await door(here).find(place.by, PartyId(UUID(here.request.path_params["team"])))
    except (ValueError, NotEntitled):
        raise LoginUnknown from None
    return Place(firm=place.firm, by=place.by, team=team), team


def sealed_for(here: Here) -> str:
    """Return whose the address is: of the person, also while they are there in the organisation's name."""
    me = actor(here)
    return f"teams {me.party if me.by is None else me.by}"


def _whom(here: Here) -> PartyId:
    return here.rooms.representing.sealed.open(here.form.get("whom", ""), sealed_for(here))


async def _add(here: Here, by: Steward, team: Team, party: PartyId) -> None:
    """Add somebody as what they are to the organisation; who works there and is a client, as one, then both.

    Raises:
        ValueRefused: they are nothing to it, or on the team already; or a service asks a higher level.

    """
    whys: set[str] = set()
    for add_ in (door(here).add_person, door(here).add_client):
        try:
            await add_(by, team, party, here.now)
        except NotEntitled as refused:
            whys.add(refused.why)
        else:
            return
    if Why.LEVEL_TOO_LOW in whys:
        raise ValueRefused(ADDED, f"mandate-{Why.LEVEL_TOO_LOW}")
    raise ValueRefused(ADDED, "team-already" if "pending-already" in whys else "team-not-theirs")


async def _numbered(here: Here, field: str, nobody: str) -> PartyId:
    """Return who has the number that was typed; those that come to nothing are counted.

    Raises:
        ValueRefused: it is no number, or nobody's, or too many were typed today.

    """
    number = number_in(here.form.get(field, ""), field)
    async with here.rooms.representing.mandates.units.begin() as unit:
        refusal = await here.rooms.logins.choosing.bounds.count(unit, _counted(here), NUMBERS, here.now)
    if refusal is not None:
        raise ValueRefused(field, "too-many-tries")
    found = (await here.rooms.representing.numbers.find([number])).get(number)
    if found is None:
        raise ValueRefused(field, nobody)
    return found


async def _give_back(here: Here) -> None:
    async with here.rooms.representing.mandates.units.begin() as unit:
        await here.rooms.logins.choosing.bounds.give_back(unit, _counted(here), here.now)


def _counted(here: Here) -> str:
    return f"team-number:{actor(here).party}"


def number_in(text: str, field: str) -> Number:
    """Read a KVK number or a BSN, which have other lengths.

    Raises:
        ValueRefused: it is neither.

    """
    digits = "".join(text.split())
    if not digits:
        raise ValueRefused(field, "empty")
    try:
        return KvkNumber.parse(digits) if len(digits) == KVK_LENGTH else Bsn.parse(digits)
    except ValueError as error:
        raise ValueRefused(field, "number-for-invalid") from error


async def _firm_desk(here: Here, place: Place) -> Desk:
    teams = await door(here).of(place.by, Page(after=after_in(here, AFTER), size=ON_A_PAGE))
    organisation = place.by.organisation
    name = (await here.rooms.representing.names.of([organisation]))[organisation]
    more = f"?{urlencode({AFTER: str(teams[-1].id)})}" if len(teams) == ON_A_PAGE else ""
    rows = [{"name": each.name, "address": f"{place.address}/{each.id}"} for each in teams]
    at = address_for(here, organisation)
    return here.desk(firm=name, teams=rows, more=more, address=place.address, firm_mandates_at=at)


async def team_desk(
    here: Here, place: Place, team: Team, found: Sequence[PartyId] = (), more_names: str = ""
) -> Desk:
    """Return where the page of a team is filled in; `found` are clients whose name was looked for."""
    room, now = door(here), here.now
    people = await room.people(team, Page(after=_opened(here, PEOPLE), size=ON_A_PAGE), now)
    clients = await room.clients(team, Page(after=_opened(here, CLIENTS), size=ON_A_PAGE), now)
    strangers = await room.strangers(place.by, people, clients, now)
    names = await here.rooms.representing.names.of(({*people, *clients} - strangers) | {*found})
    free = await room.for_all(place.by, people, now)
    seal = here.rooms.representing.sealed.seal
    rows = {
        word: [
            {"id": seal(each, sealed_for(here)), "name": names.get(each), "for_all": each in free}
            for each in found
        ]
        for word, found in ((PEOPLE, people), (CLIENTS, clients))
    }
    return here.desk(
        team=team.name,
        address=place.address,
        firm_address=f"{TEAMS}/{place.firm}",
        **rows,
        more_people=_more(here, PEOPLE, people),
        more_clients=_more(here, CLIENTS, clients),
        may_close=not people and not clients,
        looked=here.request.url.path.endswith(FIND),
        found=[{"id": seal(each, sealed_for(here)), "name": names.get(each)} for each in found],
        more_names=more_names,
    )


def _more(here: Here, word: str, found: Sequence[PartyId]) -> str:
    if len(found) < ON_A_PAGE:
        return ""
    return f"?{urlencode({word: here.rooms.representing.sealed.seal(found[-1], sealed_for(here))})}"


def _opened(here: Here, word: str) -> PartyId | None:
    name = here.request.query_params.get(word, "")
    return here.rooms.representing.sealed.open(name, sealed_for(here)) if name else None


def after_in(here: Here, word: str) -> PartyId | None:
    """Return after whom a page begins, as its address says it; None for the first."""
    try:
        return PartyId(UUID(here.request.query_params.get(word, "")))
    except ValueError:
        return None


ROUTES = (
    ("GET", TEAMS, inside(show_enter)),
    ("POST", TEAMS, inside(enter)),
    ("GET", FIRM, inside(show_firm)),
    ("POST", FIRM, changing(make)),
    ("GET", TEAM, inside(show_team)),
    ("POST", TEAM + "/add", changing(add)),
    ("POST", TEAM + "/remove", inside(remove)),
    ("POST", TEAM + "/limit", inside(limit)),
    ("POST", TEAM + "/close", inside(close)),
)
