"""Notices in My account: how the person is told of a login in a new browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import LevelNotProven
from toegang.means.citizen.new_browser import Wish
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

NOTICES = HOME + "/notices"
SHEET = Sheet(name="account/notices", places={LevelNotProven: ("", "choose-one")}, signed_in=True)
NOTHING_CHOSEN = {"notices": ("choose-one",)}


async def show(here: Here) -> Response:
    """Show how the person is told now, and ask how they want to be."""
    return (await _desk(here)).show(SHEET)


async def set_wish(here: Here) -> Response:
    """Keep what the person wants."""
    try:
        wish = Wish(here.form.get("notices", ""))
    except ValueError:
        return (await _desk(here)).wrong(SHEET, NOTHING_CHOSEN)
    await here.rooms.citizen.own.set_notices(here.signed_in, wish, here.now)
    return here.page("account/notices_set", wish=wish.value)


async def _desk(here: Here) -> Desk:
    own = here.rooms.citizen.own
    account = await own.desk.accounts.find(here.signed_in.account)
    number = own.desk.number_of(account) if account else None
    wish = account.notices if account else Wish.TEXT
    return here.desk(wish=str(wish), number_end=number.ending if number else "")


ROUTES = (
    ("GET", NOTICES, changing(show)),
    ("POST", NOTICES, changing(set_wish)),
)
