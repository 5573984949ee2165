"""Giving a mandate on: to whom and for which of its services; the pages after it are those of any mandate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import LoginUnknown, NotEntitled, OneTimeGone, TooManyTries
from toegang.identity.numbers import Bsn
from toegang.mandates.drafts import Draft
from toegang.mandates.edge import EdgeId
from toegang.mandates.finding import Typed
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.scope import Scope
from toegang.web.apply import parse_day
from toegang.web.mandate_drafts import begun
from toegang.web.mandate_services import chosen_now
from toegang.web.own_mandates import ONE, actor, door
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import changing, made
from toegang.web.words_of_mandates import objection_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge
    from toegang.mandates.finding import Found
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

MOST = 50
"""Services that one page offers, of a mandate that is for more."""

SHEET = Sheet(
    name="account/mandate_on",
    places={
        OneTimeGone: ("contact_code", "contact-code-gone"),
        TooManyTries: ("", "too-many-tries"),
    },
    kept=("bsn", "birth_date"),
    signed_in=True,
)


def giving_on(here: Here) -> GivingOn:
    """Return the use cases."""
    return GivingOn(voluntary=door(here))


async def show_on(here: Here) -> Response:
    """Ask to whom, and for what."""
    return (await _desk(here, await _held(here))).show(SHEET)


async def give_on(here: Here) -> Response:
    """Begin it, with what was chosen; nothing on the next page tells whether there is anybody."""
    on = await _held(here)
    desk, fields = await _desk(here, on), Fields(here.form)
    offered = {Scope.of_service(each.id).key for each in _services(here, on)}
    scopes = tuple(key for key in chosen_now(here.form, ()) if key in offered)
    if not scopes:
        fields.errors["services"] = ("choose-one",)
    try:
        other = await _other(here, on, fields)
    except NotEntitled as refusal:
        return desk.wrong(SHEET, {"": (objection_of(refusal),)})
    except (OneTimeGone, TooManyTries) as refusal:
        return desk.refuse(SHEET, refusal)
    if other is None:
        return desk.wrong(SHEET, fields.errors)
    draft = Draft(
        by=actor(here).party,
        session=here.stay.session,
        asking=False,
        other=other,
        begun_at=here.now,
        scopes=scopes,
        on=on.id,
    )
    return await begun(here, draft, "until")


async def _other(here: Here, on: Edge, fields: Fields) -> Found | None:
    """Look for who is to act, once all that was filled in can be right."""
    code, me = here.form.get("contact_code", "").strip(), actor(here)
    if code:
        return None if fields.errors else await giving_on(here).by_code(me, on, code, here.now)
    bsn = fields.read("bsn", Bsn.parse, "bsn-invalid")
    born = fields.read("birth_date", parse_day, "date-invalid")
    if bsn is None or born is None or fields.errors:
        return None
    return await giving_on(here).by_number(me, on, Typed(bsn=bsn, born=born), here.now)


async def _held(here: Here) -> Edge:
    """Return the mandate of the page.

    Raises:
        LoginUnknown: there is none that this person may give on; never said why.

    """
    try:
        edge = EdgeId(UUID(here.request.path_params["edge"]))
        return await giving_on(here).held(actor(here), edge, here.now)
    except (ValueError, NotEntitled):
        raise LoginUnknown from None


def _services(here: Here, on: Edge) -> Sequence[Service]:
    found = here.rooms.representing.services.reached(on.terms.scopes, here.now)
    return sorted(found, key=lambda each: (each.names.nl.casefold(), str(each.id)))[:MOST]


async def _desk(here: Here, on: Edge) -> Desk:
    names = await here.rooms.representing.names.of((on.principal,))
    return here.desk(
        id=str(on.id),
        of=names[on.principal],
        services=[{"id": str(each.id), "names": each.names} for each in _services(here, on)],
        until=on.terms.until - timedelta(seconds=1),
    )


PAGES: Pages = (
    ("GET", ONE + "/on", changing, show_on),
    ("POST", ONE + "/on", changing, give_on),
)
ROUTES = made(PAGES)
