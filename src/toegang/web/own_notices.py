"""Notices in My account: the ways in which the person is told, and how large letters are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import LevelNotProven, Refusal, TooManyTries
from toegang.means.citizen.standing import check_open
from toegang.means.citizen.telling import reached
from toegang.means.citizen.ways import ORDER, Way, Ways
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

NOTICES, LETTERS = HOME + "/notices", HOME + "/letters"
SHEET = Sheet(
    name="account/notices",
    places={LevelNotProven: ("", "choose-one"), TooManyTries: ("ways", "too-many-tries")},
    signed_in=True,
)
LETTERS_SHEET = Sheet(name="account/letters", places={LevelNotProven: ("", "choose-one")}, signed_in=True)
SIZES = {"large": True, "normal": False}
NO_WAY = {"ways": ("choose-way",)}


async def show(here: Here) -> Response:
    """Show how the person is told now, and ask how they want to be."""
    return (await _desk(here)).show(SHEET)


async def set_ways(here: Here) -> Response:
    """Keep what the person wants: at least one way."""
    wish = _wish(here)
    if not wish.ways:
        return (await _desk(here, wish)).wrong(SHEET, NO_WAY)
    own = here.rooms.citizen.own_notices
    try:
        await own.set_ways(here.signed_in, wish, await _possible(here), here.now)
    except Refusal as refusal:
        return (await _desk(here, wish)).refuse(SHEET, refusal)
    return here.page("account/notices_set", ways=_words(wish), logins=wish.logins)


async def show_letters(here: Here) -> Response:
    """Show how large letters are now, and ask how large they should be."""
    return (await _letters(here)).show(LETTERS_SHEET)


async def set_letters(here: Here) -> Response:
    """Keep how large letters should be."""
    wish = SIZES.get(here.form.get("letter_size", ""))
    if wish is None:
        return (await _letters(here)).wrong(LETTERS_SHEET, {"letter_size": ("choose-one",)})
    await here.rooms.citizen.own_notices.set_large_print(here.signed_in, wish, here.now)
    return here.page("account/letters_set", large=wish)


async def _letters(here: Here) -> Desk:
    account = await here.rooms.citizen.own.desk.accounts.find(here.signed_in.account)
    return here.desk(large=account is not None and account.large_print)


def _wish(here: Here) -> Ways:
    ways = frozenset(way for way in Way if here.form.get(f"way_{way}") == "yes")
    return Ways(ways=ways, logins=here.form.get("logins") == "yes")


async def _possible(here: Here) -> frozenset[Way]:
    """Return the ways that reach this person; whether a letter does, only the register knows."""
    desk = here.rooms.citizen.own.desk
    account = check_open(await desk.accounts.find(here.signed_in.account))
    pushed = await here.rooms.apps.noticing.reaches(account)
    return reached(desk, account) | {Way.LETTER} | ({Way.PUSH} if pushed else frozenset())


async def _desk(here: Here, wish: Ways | None = None) -> Desk:
    desk = here.rooms.citizen.own.desk
    account = check_open(await desk.accounts.find(here.signed_in.account))
    kept, possible = Ways.parse(account.notices), await _possible(here)
    number, mail = desk.number_of(account), desk.kept_mail_of(account)
    return here.desk(
        possible=_words(Ways(ways=possible)),
        chosen=_words(wish or kept),
        logins=(wish or kept).logins,
        number_end=number.ending if number else "",
        mail=mail.hint if mail else "",
        mails=desk.posting.mails is not None,
    )


def _words(ways: Ways) -> tuple[str, ...]:
    return tuple(way.value for way in ORDER if way in ways.ways)


ROUTES = (
    ("GET", NOTICES, changing(show)),
    ("POST", NOTICES, changing(set_ways)),
    ("GET", LETTERS, changing(show_letters)),
    ("POST", LETTERS, changing(set_letters)),
)
