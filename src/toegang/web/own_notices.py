"""Notices in My account: how the person is told of a login in a new browser, and how large letters are."""

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
LETTERS = HOME + "/letters"
LETTERS_SHEET = Sheet(name="account/letters", places={LevelNotProven: ("", "choose-one")}, signed_in=True)
SIZES = {"large": True, "normal": False}
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


async def show_letters(here: Here) -> Response:
    """Show how large letters are now, and ask how large they should be."""
    return (await _letters(here)).show(LETTERS_SHEET)


async def set_letters(here: Here) -> Response:
    """Keep how large letters should be."""
    wish = SIZES.get(here.form.get("letter_size", ""))
    if wish is None:
        return (await _letters(here)).wrong(LETTERS_SHEET, {"letter_size": ("choose-one",)})
    await here.rooms.citizen.own.set_large_print(here.signed_in, wish, here.now)
    return here.page("account/letters_set", large=wish)


async def _letters(here: Here) -> Desk:
    account = await here.rooms.citizen.own.desk.accounts.find(here.signed_in.account)
    return here.desk(large=account is not None and account.large_print)


ROUTES = (
    ("GET", NOTICES, changing(show)),
    ("POST", NOTICES, changing(set_wish)),
    ("GET", LETTERS, changing(show_letters)),
    ("POST", LETTERS, changing(set_letters)),
)
