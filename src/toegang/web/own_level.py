"""The lowest level in My account: below it the person wants no login, at any service, with any means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Scheme, level_named, name_of
from toegang.errors import LevelNotProven
from toegang.login.floor import CHOICES
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.assurance import Level
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

LEVEL = HOME + "/level"

SHEET = Sheet(
    name="account/level",
    places={LevelNotProven: ("floor", "level-not-reached")},
    kept=("floor",),
    signed_in=True,
)
NOTHING_CHOSEN = {"floor": ("choose-one",)}


async def show(here: Here) -> Response:
    """Show the lowest level, and what can be chosen."""
    return (await _desk(here)).show(SHEET)


async def set_level(here: Here) -> Response:
    """Set the lowest level."""
    level = _parse(here.form.get("floor", ""))
    if level is None:
        return (await _desk(here)).wrong(SHEET, NOTHING_CHOSEN)
    try:
        floor = await here.rooms.mine.floor.set(here.signed_in, level, here.now)
    except LevelNotProven as refusal:
        return (await _desk(here)).refuse(SHEET, refusal)
    return here.page("account/level_set", level=floor.at(here.now), until=floor.lowers_at)


async def _desk(here: Here) -> Desk:
    floor = await here.rooms.mine.floor.find(here.signed_in, here.now)
    current = floor.at(here.now)
    lowers_at = floor.lowers_at if floor.lowers_at is not None and here.now < floor.lowers_at else None
    choices = [level for level in CHOICES if level <= here.stay.level]
    return here.desk(
        current=current,
        lowered=floor.lowered if lowers_at else None,
        lowers_at=lowers_at,
        choices=[(name_of(level, Scheme.CATALOGUE), level) for level in choices],
    )


def _parse(word: str) -> Level | None:
    found = level_named(word, Scheme.CATALOGUE)
    return found[1] if found and found[1] in CHOICES else None


ROUTES = (
    ("GET", LEVEL, changing(show)),
    ("POST", LEVEL, changing(set_level)),
)
