"""My own data: everything that is kept about the person, in one file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from toegang.errors import TooManyTries
from toegang.provider.own_data import FORMAT
from toegang.web.answers import download, page
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.staying import Here

DATA = HOME + "/data"
SHEET = Sheet(name="account/data", places={TooManyTries: ("", "too-many-tries")}, signed_in=True)
HTML = "html"


async def show(here: Here) -> Response:
    """Say what stands in the file, and in which forms it can be had."""
    return here.desk().show(SHEET)


async def fetch(here: Here) -> Response:
    """Hand out the file: for people to read, or for computers."""
    form = HTML if here.form.get("do") == HTML else "json"
    try:
        parts = await here.rooms.mine.data.collect(here.signed_in, form, here.now)
    except TooManyTries as refusal:
        return here.desk().refuse(SHEET, refusal)
    day = f"{here.now:%Y-%m-%d}"
    if form == HTML:
        shown = page(here.rooms, here.visit, "account/data_file", {"parts": parts, "at": here.now})
        return download(here.rooms, bytes(shown.body), f"my-data-{day}.html", "text/html; charset=utf-8")
    content = {"format": FORMAT, "made_at": here.now} | {part.name: part.rows for part in parts}
    written = msgspec.json.format(msgspec.json.encode(content, enc_hook=_told), indent=1)
    return download(here.rooms, written, f"my-data-{day}.json", "application/json")


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


ROUTES = (
    ("GET", DATA, changing(show)),
    ("POST", DATA, changing(fetch)),
)
