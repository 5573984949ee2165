"""Mandates in somebody else's name: a child's, a client's, an organisation's, each at an address of its own.

The pages are those of one's own mandates. Who it is about stands sealed in the address and proves nothing:
each page asks registers anew whether the person may.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING

from toegang.errors import LoginUnknown, Malformed, NotEntitled, TooManyTries
from toegang.identity.numbers import KVK_LENGTH, Bsn, KvkNumber
from toegang.web import (
    ending_mandates,
    giving_help,
    giving_mandates,
    giving_whom,
    handing_over,
    limiting,
    mandate_files,
    mandate_jobs,
    mandate_services,
    mandates_used,
    own_clients,
    own_mandates,
    own_teams,
)
from toegang.web.answers import redirect
from toegang.web.own_mandates import FOR, MANDATES, actor, address_for, hand_overs, place_for
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import inside, made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Page, Pages

OWN = frozenset({MANDATES + "/code", own_mandates.ONE + "/letter", own_mandates.ONE + "/code"})
"""Pages for what people do for themselves alone."""

SHEET = Sheet(
    name="account/mandates_for",
    places={TooManyTries: ("", "too-many-tries")},
    kept=("number_of",),
    signed_in=True,
)


async def show_for(here: Here) -> Response:
    """Show for whom the person may give and end mandates."""
    return (await _desk(here)).show(SHEET)


async def find_for(here: Here) -> Response:
    """Find by number somebody for whom the person may."""
    number = Fields(here.form).read("number_of", _number, "number-for-invalid")
    if number is None:
        why = "number-for-invalid" if here.form.get("number_of", "").strip() else "empty"
        return (await _desk(here)).wrong(SHEET, {"number_of": (why,)})
    try:
        found = await here.rooms.representing.standing_in.by_number(actor(here).party, number, here.now)
    except NotEntitled:
        return (await _desk(here)).wrong(SHEET, {"number_of": ("nobody-to-give-for",)})
    except TooManyTries as refusal:
        return (await _desk(here)).refuse(SHEET, refusal)
    return redirect(here.rooms, address_for(here, found.principal), here.visit)


async def overview(here: Here) -> Response:
    """Show the mandates of somebody else; of an organisation also its clients, and teams to who may."""
    me, more = actor(here), dict[str, object]()
    if me.by is not None and own_mandates.for_organisation(here):
        more["clients_at"] = f"{own_mandates.base(here)}/clients"
        with suppress(NotEntitled):
            by = await own_teams.door(here).steward(me.by, me.party, me.level, here.now)
            more["teams_at"] = own_teams.address_of(here, me.party)
            more["hand_over_at"] = f"{own_mandates.base(here)}/hand-over"
            more["hand_overs"] = await handing_over.waiting(here, by)
    return await own_mandates.overview(replace(here, around={**here.around, **more}))


def in_name(show: Page) -> Page:
    """Make a page about somebody else's mandates of one about one's own."""

    @wraps(show)
    async def page(here: Here) -> Response:
        return await show(await _standing_in(here))

    return page


async def _standing_in(here: Here) -> Here:
    """Return it in the other's name.

    Raises:
        LoginUnknown: there is nobody at this address for whom they may; never said which.

    """
    me = actor(here).party
    representing, name = here.rooms.representing, here.request.path_params["whom"]
    try:
        principal = representing.sealed.open(name, place_for(me))
        held = await representing.standing_in.check(me, principal, here.now)
    except (Malformed, NotEntitled):
        raise LoginUnknown from None
    names = await representing.names.of((principal,))
    around = {
        "mandates_at": f"{FOR}/{name}",
        "behalf": names[principal],
        "together": held.together,
    }
    return replace(
        here, behalf=principal, over=held.over, lasts=held.until, offering=held.offering, around=around
    )


async def _desk(here: Here) -> Desk:
    representing = here.rooms.representing
    found = await representing.standing_in.all(actor(here).party, here.now)
    names = await representing.names.of([each.principal for each in found])
    rows = [
        {"address": address_for(here, each.principal), "name": names[each.principal], "basis": each.basis}
        for each in found
    ]
    return here.desk(rows=rows, hand_overs=await hand_overs(here))


def _number(typed: str) -> Bsn | KvkNumber:
    digits = "".join(typed.split())
    return KvkNumber.parse(digits) if len(digits) == KVK_LENGTH else Bsn.parse(digits)


INSTEAD: Mapping[str, Page] = {MANDATES: overview}
"""Pages that show something more in the name of somebody else."""

PAGES: Pages = (
    ("GET", FOR, inside, show_for),
    ("POST", FOR, inside, find_for),
    *(
        (
            method,
            path.replace(MANDATES, FOR + "/{whom}", 1),
            opens,
            in_name(INSTEAD.get(path, show)),
        )
        for method, path, opens, show in (
            *own_mandates.PAGES,
            *ending_mandates.PAGES,
            *mandates_used.PAGES,
            *giving_whom.PAGES,
            *giving_mandates.PAGES,
            *giving_help.PAGES,
            *limiting.PAGES,
            *mandate_services.PAGES,
            *mandate_files.PAGES,
            *own_clients.PAGES,
            *handing_over.PAGES,
            *mandate_jobs.PAGES,
        )
        if path not in OWN
    ),
)
ROUTES = made(PAGES)
