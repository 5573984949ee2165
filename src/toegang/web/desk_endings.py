"""The desk, for ending mandates: one clerk, who sees those with whom the person names and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import NotEntitled, OneTimeGone, TooManyTries, ValueRefused
from toegang.mandates.edge import EdgeId
from toegang.mandates.listing import given_on_by
from toegang.web import as_read
from toegang.web.desk import DOCUMENTS, TOO_MANY
from toegang.web.desk_mandates import MANDATE, came_by, desk_officer
from toegang.web.meant import meant
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import clerking

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.mandates.desk.ending import EndingAtDesk, Looked
    from toegang.web.staying import Here

END = MANDATE + "/end"
WHO = Sheet(
    name="desk/mandate_end",
    places={TooManyTries: TOO_MANY[TooManyTries], NotEntitled: ("", "desk-not-apart")},
    kept=("bsn", "birth_date", "document", "document_number", "other_name"),
    signed_in=True,
)
MOST_LETTERS = 60


async def show_who(here: Here) -> Response:
    """Ask who came, and with whom they want to end a mandate."""
    return here.desk(documents=DOCUMENTS).show(WHO)


async def who(here: Here) -> Response:
    """Show what can be ended for who came."""
    desk, fields = here.desk(documents=DOCUMENTS), Fields(here.form)
    other = here.form.get("other_name", "").strip()[:MOST_LETTERS]
    try:
        came = await came_by(here, fields)
        if not other and here.form.get("do") != "all":  # the last field of the page
            fields.errors["other_name"] = ("empty",)
        if came is None or fields.errors:
            return desk.wrong(WHO, fields.errors)
        words = "" if here.form.get("do") == "all" else other
        looked = await door(here).look(desk_officer(here), came, words, here.now)
    except (ValueRefused, TooManyTries, NotEntitled) as refusal:
        return desk.refuse(WHO, refusal)
    return here.page(
        "desk/mandate_to_end",
        look=looked.name,
        rows=_rows(here, looked),
        everything=here.form.get("do") == "all",
    )


async def end(here: Here) -> Response:
    """End one, or all that the person gave."""
    officer, look = desk_officer(here), here.request.path_params["look"]
    if here.form.get("do") == "all":
        ended = await door(here).end_all_given(officer, look, here.now)
        return here.page("desk/mandate_ended", ended=ended, changed=False)
    try:
        edge = EdgeId(UUID(here.form.get("edge", "")))
        await door(here).end(officer, look, edge, as_read.version_in(here.form.get("version", "")), here.now)
    except ValueError:
        raise OneTimeGone from None
    except NotEntitled:
        return here.page("desk/mandate_ended", ended=0, changed=True)
    return here.page("desk/mandate_ended", ended=1, changed=False)


def door(here: Here) -> EndingAtDesk:
    """Return the use cases."""
    return here.rooms.representing.at_desk.ending


def _rows(here: Here, looked: Looked) -> list[dict[str, object]]:
    return [
        {
            "id": str(edge.id),
            "version": edge.version,
            "other": shown,
            "mine": edge.agent != looked.party,
            "given_on": given_on_by(edge) == looked.party,
            "services": meant(here, edge.terms.scopes),
            "until": edge.terms.until - timedelta(seconds=1),
            "state": edge.state_at(here.now).value,
        }
        for edge, shown in looked.found
    ]


ROUTES = (
    ("GET", END, clerking(show_who)),
    ("POST", END, clerking(who)),
    ("POST", END + "/{look}", clerking(end)),
)
