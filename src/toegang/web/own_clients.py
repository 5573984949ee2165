"""Clients of an organisation, in its name: who let it act, found by name or by number, and what ends soon.

What somebody types goes in a form, so that no address has it. Of a number it is told only whether it is a
client's: never whether it is anybody's (L03).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from toegang.errors import LoginUnknown, NotEntitled, TooManyTries, ValueRefused
from toegang.mandates.edge import State
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.searching import FEWEST, folded
from toegang.mandates.stores import Page
from toegang.web.answers import suggestions, wait
from toegang.web.mandate_files import AHEAD, IN_ONE, before_of
from toegang.web.own_mandates import MANDATES, WORDS, actor, base, door, for_organisation, last_of, rows
from toegang.web.own_teams import number_in
from toegang.web.sheets import Sheet
from toegang.web.staying import inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from toegang.mandates.clients import Clients
    from toegang.mandates.edge import Edge
    from toegang.mandates.listing import Leaf
    from toegang.mandates.party import PartyId
    from toegang.web.staying import Here, Pages

CLIENTS = MANDATES + "/clients"
NAMES = CLIENTS + "/names"
ENDING = MANDATES + "/ending/{listing}"
ON_A_PAGE: Final = 50
NAMED: Final = Page(size=20)
"""Clients on one page of those found by name."""
BY_NAME, BY_NUMBER, FURTHER, CHOSEN = "client_name", "client_number", "names_after", "whom"
TOO_OFTEN: Final = 429
RUNNING_OUT = (Listing.RECEIVED, Listing.WORKERS, Listing.GIVEN)

SHEET = Sheet(name="account/clients", kept=(BY_NAME,), signed_in=True)


async def show(here: Here) -> Response:
    """Show the clients in force, those whose mandates end first first."""
    return here.desk(**await _listed(here)).show(SHEET)


async def find(here: Here) -> Response:
    """Find clients by name or by number, or show the one that was chosen from what was suggested."""
    firm = _firm(here)
    try:
        if CHOSEN in here.form:
            chosen = here.rooms.representing.sealed.open(here.form[CHOSEN], _sealed_for(here))
            return await _found(here, await _clients(here).gave(firm, [chosen], here.now))
        if BY_NUMBER in here.form:
            return await _found(here, await _by_number(here, firm))
        return await _by_name(here, firm)
    except ValueRefused as wrong:
        return here.desk(**await _listed(here)).refuse(SHEET, wrong)


async def suggest(here: Here) -> Response:
    """Suggest names while somebody types, for the page's script: the first that the button would find."""
    return await suggested(here, _firm(here), _sealed_for(here))


async def suggested(here: Here, firm: PartyId, place: str) -> Response:
    """Suggest clients of an organisation by name, sealed for a page."""
    try:
        words, person = here.form.get(BY_NAME, ""), actor(here).person
        found = await _clients(here).suggested(firm, person, words, here.now)
    except TooManyTries as refusal:
        later = suggestions(here.rooms, here.visit, (), status=TOO_OFTEN)
        wait(later, refusal)
        return later
    names = await here.rooms.representing.names.of(found)
    seal = here.rooms.representing.sealed.seal
    shown = [{"id": seal(each, place), "name": names[each], "basis": ""} for each in found]
    return suggestions(here.rooms, here.visit, shown)


async def named(here: Here, firm: PartyId, place: str) -> tuple[Mapping[PartyId, Sequence[Edge]], str]:
    """Find the clients of an organisation by the name in the form, and where the next page begins.

    Raises:
        ValueRefused: it is too short, or somebody looked too often.
        Malformed: it asks for a page after nobody.

    """
    words, further = here.form.get(BY_NAME, ""), here.form.get(FURTHER, "")
    sealed = here.rooms.representing.sealed
    if len(folded(words)) < FEWEST:
        raise ValueRefused(BY_NAME, "name-too-short")
    page = Page(after=sealed.open(further, place) if further else None, size=NAMED.size)
    try:
        found = await _clients(here).named(firm, actor(here).person, words, page, here.now)
    except TooManyTries as error:
        raise ValueRefused(BY_NAME, "too-many-tries") from error
    return found.gave, sealed.seal(found.after, place) if found.after else ""


async def ending(here: Here) -> Response:
    """Show what ends soon, to be renewed in time."""
    _firm(here)
    word, asked = here.request.path_params["listing"], here.request.query_params
    listing = WORDS.get(word)
    if listing not in RUNNING_OUT:
        raise LoginUnknown
    days, before = before_of(asked.get("days", ""), here.now)
    cut = Cut(last=last_of(asked.get("ends", ""), asked.get("edge", "")), size=ON_A_PAGE, before=before)
    found = await door(here).page(actor(here), listing, cut, here.now)
    query = {**dict(asked.multi_items()), "days": str(days)}
    return here.desk(
        listing=word,
        lists=[each.name.lower() for each in RUNNING_OUT],
        days=days,
        ahead=AHEAD,
        rows=[_to_renew(each) for each in await rows(here, found.edges)],
        more=_more(here, f"ending/{word}", found, days=str(days)),
        file=f"{base(here)}/list/{word}/file?{urlencode(query)}",
    ).show(Sheet(name="account/ending", signed_in=True))


def _to_renew(row: Mapping[str, object]) -> Mapping[str, object]:
    """Add to a row whether one that follows it up can be begun now, by one of its two sides."""
    open_ = row["hint"] is None and row["beside"] is None and row["state"] == State.ACTIVE.value
    return {**row, "may_renew": open_}


def _firm(here: Here) -> PartyId:
    """Return in the name of which organisation it is.

    Raises:
        LoginUnknown: it is none.

    """
    if here.over is not None or not for_organisation(here):
        raise LoginUnknown
    return actor(here).party


def _clients(here: Here) -> Clients:
    return here.rooms.representing.clients


def _sealed_for(here: Here) -> str:
    me = actor(here)
    return f"clients {me.party} {me.person}"


async def _by_number(here: Here, firm: PartyId) -> Mapping[PartyId, Sequence[Edge]]:
    number = number_in(here.form[BY_NUMBER], BY_NUMBER)
    try:
        return await _clients(here).numbered(firm, actor(here).person, number, here.now)
    except NotEntitled as error:
        raise ValueRefused(BY_NUMBER, "no-client-of-it") from error
    except TooManyTries as error:
        raise ValueRefused(BY_NUMBER, "too-many-tries") from error


async def _by_name(here: Here, firm: PartyId) -> Response:
    found, more = await named(here, firm, _sealed_for(here))
    return await _found(here, found, more)


async def _found(here: Here, gave: Mapping[PartyId, Sequence[Edge]], more: str = "") -> Response:
    edges = [each for some in gave.values() for each in some]
    around = {**_around(here), "rows": await rows(here, edges), "found": True, "more_names": more}
    return here.desk(**around).show(SHEET)


async def _listed(here: Here) -> dict[str, object]:
    _firm(here)
    asked = here.request.query_params
    cut = Cut(last=last_of(asked.get("ends", ""), asked.get("edge", "")), size=ON_A_PAGE)
    found = await door(here).page(actor(here), Listing.RECEIVED, cut, here.now)
    far = found
    if found.last is not None:
        far = await door(here).page(actor(here), Listing.RECEIVED, replace(cut, size=IN_ONE), here.now)
    return {
        **_around(here),
        "beyond": _more(here, "clients", far),
        "rows": await rows(here, found.edges),
        "more": _more(here, "clients", found),
        "file": f"{base(here)}/list/received/file?{urlencode(asked.multi_items())}",
    }


def _around(here: Here) -> dict[str, object]:
    at = f"{base(here)}/clients"
    nothing = dict.fromkeys(("more_names", "more", "file", "beyond"), "")
    return {"at": at, "suggested_at": f"{at}/names", "found": False, **nothing}


def _more(here: Here, page: str, found: Leaf, **also: str) -> str:
    """Return the address of the next page, or an empty one."""
    if found.last is None:
        return ""
    after = {**also, "ends": found.last.ends.isoformat(), "edge": str(found.last.edge)}
    return f"{base(here)}/{page}?{urlencode(after)}"


PAGES: Pages = (
    ("GET", CLIENTS, inside, show),
    ("POST", CLIENTS, inside, find),
    ("POST", NAMES, inside, suggest),
    ("GET", ENDING, inside, ending),
)
"""In the name of an organisation alone (mandates_of.py)."""
