"""Filling a team from a list of numbers: looked at first, line by line, and then done as it was shown.

Nothing of it is kept in between: the list stands in the form, is judged anew when somebody agrees, and is
shown once more where something became of it meanwhile. A file is read into that form, and is gone then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.errors import TooManyTries, ValueRefused
from toegang.mandates.bounds import LISTS, STRANGERS
from toegang.mandates.filling import Filling, Outcome
from toegang.mandates.party import PartyId
from toegang.web.as_read import digest, same
from toegang.web.number_files import LARGEST, LONGEST, numbers_in
from toegang.web.own_mandates import actor
from toegang.web.own_teams import TEAM, door, number_in, opened
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, changing_by_file, inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from toegang.mandates.numbers import Number
    from toegang.mandates.teams import Team
    from toegang.web.own_teams import Place
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

MANY = TEAM + "/many"
FIELD: Final = "team_numbers"
FILE: Final = "team_file"
BESIDES: Final = 4_096  # octets of a form beside its file
READ: Final = "team_read"
MOST: Final = 1000
"""Lines of one list."""
INVALID, TWICE = "invalid", "twice"
SHEET = Sheet(name="account/team_many", kept=(FIELD,), signed_in=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list, as it was typed; `party` is None of what is no number, or stands there twice."""

    text: str
    party: PartyId | None
    wrong: str = ""


async def show(here: Here) -> Response:
    """Ask for the numbers."""
    place, team = await opened(here)
    return _desk(here, place, team).show(SHEET)


async def fill(here: Here) -> Response:
    """Show what would become of each line; or do so, when that was shown and is still so."""
    return await _fill(here, FIELD)


async def bring(here: Here) -> Response:
    """Show what would become of each line of a file."""
    try:
        numbers = numbers_in(here.files.get(FILE), FILE)
    except ValueRefused as wrong:
        return await _refuse(here, wrong)
    return await _fill(replace(here, form={FIELD: "\n".join(numbers)}), FILE)


async def too_large(here: Here) -> Response:
    """Refuse a file of which no more is read."""
    return await _refuse(here, ValueRefused(FILE, "file-too-large"))


async def _refuse(here: Here, wrong: ValueRefused) -> Response:
    place, team = await opened(here)
    return _desk(here, place, team).refuse(SHEET, wrong)


async def _fill(here: Here, field: str) -> Response:
    """Judge the list in the form, which was brought in `field`."""
    place, team = await opened(here)
    desk = _desk(here, place, team)
    filling = Filling(teams=door(here), by=place.by, team=team)
    try:
        lines = await _lines(here)
        judged = await _judged(here, filling, [each.party for each in lines if each.party is not None])
    except ValueRefused as wrong:
        return desk.refuse(SHEET, ValueRefused(field, wrong.reason, wrong.detail))
    shown = [(each.text, judged[each.party].value if each.party else each.wrong) for each in lines]
    read = digest(team.id, *shown)
    done = same(here.form.get(READ, ""), read)
    if done:
        await filling.fill(judged, here.now)
    news = {"lines": shown, "read": read, "done": done, "changed": READ in here.form and not done}
    adding = sum(outcome.adds for outcome in judged.values())
    return replace(desk, values={**desk.values, **news, "adding": adding}).show(SHEET)


def _desk(here: Here, place: Place, team: Team) -> Desk:
    nothing = {"lines": (), "read": "", "done": False, "changed": False, "adding": 0}
    around = {"team": team.name, "address": place.address, "most": MOST, "largest": LARGEST // 1024}
    return here.desk(**around, **nothing)


async def _lines(here: Here) -> Sequence[Line]:
    """Read a list, and find who have its numbers; who is nobody stands in for a number that nobody has.

    Raises:
        ValueRefused: it is empty or too long, or there were too many lists today.

    """
    texts = [text for line in here.form.get(FIELD, "").splitlines() if (text := line.strip())]
    if not texts:
        raise ValueRefused(FIELD, "empty")
    if len(texts) > MOST:
        raise ValueRefused(FIELD, "team-list-too-long")
    room = here.rooms.representing
    async with room.mandates.units.begin() as unit:
        counted = f"team-lists:{actor(here).party}"
        refusal = await here.rooms.logins.choosing.bounds.count(unit, counted, LISTS, here.now)
    if isinstance(refusal, TooManyTries):
        raise ValueRefused(FIELD, "too-many-tries")
    numbers = [_read(text) for text in texts]
    found = await room.numbers.find(each for each in numbers if each is not None)
    seen: set[Number] = set()
    lines: list[Line] = []
    for text, number in zip(texts, numbers, strict=True):
        wrong = INVALID if number is None else TWICE if number in seen else ""
        party = None if wrong or number is None else found.get(number) or PartyId(room.mandates.ids.uuid())
        lines.append(Line(text=text[:LONGEST], party=party, wrong=wrong))
        seen |= {number} if number is not None else set()
    return lines


async def _judged(here: Here, filling: Filling, parties: Sequence[PartyId]) -> Mapping[PartyId, Outcome]:
    """Judge who they are to the organisation; those who are nobody to it are counted, also when it is done.

    Raises:
        ValueRefused: there were too many of those today.

    """
    bounds, counted = here.rooms.logins.choosing.bounds, f"team-strangers:{actor(here).party}"
    units = here.rooms.representing.mandates.units
    async with units.begin() as unit:
        refusal = await bounds.count(unit, counted, STRANGERS, here.now, many=len(parties))
    if refusal is not None:
        raise ValueRefused(FIELD, "too-many-tries")
    judged = await filling.judge(parties, here.now)
    theirs = sum(outcome is not Outcome.NOT_THEIRS for outcome in judged.values())
    async with units.begin() as unit:
        await bounds.give_back(unit, counted, here.now, many=theirs)
    return judged


def _read(text: str) -> Number | None:
    try:
        return number_in(text, FIELD)
    except ValueRefused:
        return None


ROUTES = (
    ("GET", MANY, inside(show)),
    ("POST", MANY, changing(fill)),
    ("POST", MANY + "/file", changing_by_file(bring, LARGEST + BESIDES, too_large)),
)
