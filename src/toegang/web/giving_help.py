"""Letting an organisation help: the first page of a mandate for one of those in the list of who helps people.

The pages after it are those of any mandate. Its staff log in as themselves, and the person sees who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from toegang.catalogue.representation import EdgeKind
from toegang.errors import LoginUnknown, NotEntitled, PersonNotFound, TooManyTries
from toegang.mandates.drafts import Draft
from toegang.web.answers import redirect
from toegang.web.mandate_drafts import begun
from toegang.web.own_mandates import MANDATES, actor, base, door, for_organisation
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, made
from toegang.web.words_of_mandates import objection_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

HELP = MANDATES + "/help"
FOUND = 20
WORDS = 60

SHEET = Sheet(
    name="account/mandate_help",
    places={PersonNotFound: ("helper", "choose-one"), TooManyTries: ("", "too-many-tries")},
    kept=("helper_words", "helper"),
    signed_in=True,
)


async def show_help(here: Here) -> Response:
    """Show the organisations that help people, those with some words in their name."""
    return _desk(here, here.request.query_params.get("words", "")[:WORDS]).show(SHEET)


async def choose_help(here: Here) -> Response:
    """Begin a mandate for the one that was chosen, or look for others."""
    words, me = here.form.get("helper_words", "").strip()[:WORDS], actor(here)
    if here.form.get("do") == "look":
        return redirect(here.rooms, f"{base(here)}/help?{urlencode({'words': words})}", here.visit)
    desk = _desk(here, words)
    number = here.rooms.representing.helping.number_of(here.form.get("helper", ""), here.now)
    if number is None:
        return desk.wrong(SHEET, {"helper": ("choose-one",)})
    try:
        other = await door(here).finding.by_kvk(me.party, number, here.now)
    except NotEntitled as refusal:
        return desk.wrong(SHEET, {"": (objection_of(refusal),)})
    except (PersonNotFound, TooManyTries) as refusal:
        return desk.refuse(SHEET, refusal)
    draft = Draft(
        by=me.party,
        session=here.stay.session,
        asking=False,
        other=other,
        begun_at=here.now,
        kind=EdgeKind.HELPER,
        to_organisation=True,
    )
    return await begun(here, draft, "services")


def _desk(here: Here, words: str) -> Desk:
    if for_organisation(here):  # people are helped: an organisation has employees, and firms
        raise LoginUnknown
    found = here.rooms.representing.helping.named(words, FOUND, here.now)
    return here.desk(
        found=[(each.id, each.names[here.visit.language]) for each in found], many=len(found) == FOUND
    )


PAGES: Pages = (
    ("GET", HELP, changing, show_help),
    ("POST", HELP, changing, choose_help),
)
ROUTES = made(PAGES)
