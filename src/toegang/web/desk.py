"""The desk, for clerks: note that a person was seen with their document; agree, and give the code.

The code is for an app, or for an account for who has none.

Here too: note that somebody who was seen wants letters in large print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.emrtd.document import DocumentKind
from toegang.errors import NotEntitled, OneTimeGone, StepOutOfOrder, TooManyTries, ValueRefused
from toegang.identity.numbers import Bsn
from toegang.means.app.visits import Asked, Officer, Seen
from toegang.web.answers import redirect
from toegang.web.app import SHELL
from toegang.web.apply import BY_DESK
from toegang.web.own_notices import SIZES
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import DESK, clerking

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.means.app.visits import Given
    from toegang.registers.population import BirthDate
    from toegang.web.staying import Here

CASE = DESK + "/case"
ACCOUNTS = DESK + "/account"
LETTERS = DESK + "/letters"
GOES_TO = {Asked.APP: SHELL, Asked.ACCOUNT: BY_DESK}
"""Where the person goes with the code."""
DOCUMENTS = tuple(kind.value for kind in DocumentKind)
SEEN = ("bsn", "document", "document_number")
START = Sheet(name="desk/start", kept=(*SEEN, "case"), signed_in=True)
TOO_MANY = {TooManyTries: ("", "too-many-tries"), NotEntitled: ("", "desk-not-yourself")}
LETTERS_SHEET = Sheet(name="desk/letters", places=TOO_MANY, kept=SEEN, signed_in=True)
NO_CASE = {"case": ("desk-no-case",)}
START_REFUSALS = Sheet(name=START.name, places=TOO_MANY, kept=START.kept, signed_in=True)
ACCOUNT_SHEET = Sheet(name="desk/account", places=TOO_MANY, kept=SEEN, signed_in=True)


async def start(here: Here) -> Response:
    """Show what is noted of a visit, and where the second officer goes on."""
    return here.desk(**_around(here)).show(START)


async def start_account(here: Here) -> Response:
    """Show what is noted of who has no account."""
    return here.desk(**_around(here)).show(ACCOUNT_SHEET)


async def open_case(here: Here) -> Response:
    """Note that a person was seen who wants the app."""
    return await _open(here, START_REFUSALS, Asked.APP)


async def open_account_case(here: Here) -> Response:
    """Note that a person was seen who wants an account."""
    return await _open(here, ACCOUNT_SHEET, Asked.ACCOUNT)


async def look(here: Here) -> Response:
    """Show a visit to the officer who is to agree."""
    name = here.form.get("case", "").strip().upper()
    try:
        looked = await here.rooms.apps.at_desk.look(officer_of(here), name, here.now)
    except OneTimeGone:
        return await _look_elsewhere(here, name)
    except NotEntitled as refusal:
        return here.desk(**_around(here)).refuse(START_REFUSALS, refusal)
    return here.page("desk/case", case=name, looked=looked, born=written_day(looked.who.birth_date))


async def decide(here: Here) -> Response:
    """Agree and show the code, or do not agree."""
    at_desk, name = here.rooms.apps.at_desk, here.form.get("case", "")
    try:
        if here.form.get("do") == "give":
            return _given(here, await at_desk.give(officer_of(here), name, here.now))
        await at_desk.refuse(officer_of(here), name, here.now)
    except (OneTimeGone, StepOutOfOrder):
        return here.desk(**_around(here)).wrong(START, NO_CASE)
    return redirect(here.rooms, DESK, here.visit)


async def letters(here: Here) -> Response:
    """Ask who wants letters in large print."""
    return here.desk(documents=DOCUMENTS).show(LETTERS_SHEET)


async def set_letters(here: Here) -> Response:
    """Note how somebody wants their letters."""
    desk, fields = here.desk(documents=DOCUMENTS), Fields(here.form)
    seen, large = read_seen(fields, here), SIZES.get(here.form.get("letter_size", ""))
    if large is None:
        return desk.wrong(LETTERS_SHEET, {**fields.errors, "letter_size": ("choose-one",)})
    if seen is None:
        return desk.wrong(LETTERS_SHEET, fields.errors)
    try:
        await here.rooms.apps.desk_letters.note(officer_of(here), seen, large, here.now)
    except (ValueRefused, TooManyTries, NotEntitled) as refusal:
        return desk.refuse(LETTERS_SHEET, refusal)
    return here.page("desk/letters_set", large=large)


async def _look_elsewhere(here: Here, name: str) -> Response:
    """Go on with a visit about a mandate by this name; any other is not there."""
    organisation = officer_of(here).organisation
    if await here.rooms.representing.at_desk.giving.waits(organisation, name, here.now):
        return redirect(here.rooms, f"{DESK}/mandate/{name}/agree", here.visit)
    return here.desk(**_around(here)).wrong(START, NO_CASE)


async def _open(here: Here, sheet: Sheet, asked: Asked) -> Response:
    desk, fields, at_desk = here.desk(**_around(here)), Fields(here.form), here.rooms.apps.at_desk
    seen = read_seen(fields, here)
    if seen is None:
        return desk.wrong(sheet, fields.errors)
    try:
        given = await at_desk.open(officer_of(here), seen, here.visit.language.value, here.now, asked)
    except (ValueRefused, TooManyTries, NotEntitled) as refusal:
        return desk.refuse(sheet, refusal)
    return _given(here, given)


def read_seen(fields: Fields, here: Here, whose: str = "") -> Seen | None:
    """Read whom a clerk saw with which document, from fields whose names begin with `whose`.

    None when it cannot be read.
    """
    bsn = fields.read(f"{whose}bsn", Bsn.parse, "bsn-invalid")
    document = fields.read(f"{whose}document", DocumentKind, "empty")
    if document is None:
        fields.errors[f"{whose}document"] = ("choose-one",)
    number, same = here.form.get(f"{whose}document_number", "").strip(), fields.ticked(f"{whose}same_person")
    if not number:
        fields.errors[f"{whose}document_number"] = ("empty",)
    if not same:
        fields.errors[f"{whose}same_person"] = ("same-person-needed",)
    if bsn is None or document is None or not (number and same):
        return None
    return Seen(bsn=bsn, document=document, number=number[:40], same=same)


def _given(here: Here, given: Given) -> Response:
    address = f"{here.rooms.cookies.origin}{GOES_TO[given.asked]}"
    return here.page_once("desk/given", given=given, goes_to=address.partition("://")[2])


def written_day(born: BirthDate) -> str:
    """Write a birth date as documents have it; what is not known are zeros."""
    return f"{born.day or 0:02d}-{born.month or 0:02d}-{born.year or 0:04d}"


def _around(here: Here) -> dict[str, object]:
    """Return what stands around the forms."""
    holder = here.rooms.operators.clerk(here.stay, here.now)
    organisation = here.rooms.catalogue.current.organisation(holder.organisation)
    return {
        "documents": DOCUMENTS,
        "second": here.rooms.apps.at_desk.rule.second,
        "organisation": organisation.names if organisation else None,
    }


def officer_of(here: Here) -> Officer:
    """Return who works here now."""
    holder = here.rooms.operators.clerk(here.stay, here.now)
    return Officer(
        name=holder.subject, organisation=holder.organisation, person=here.stay.proven.subject.person
    )


ROUTES = (
    ("GET", DESK, clerking(start)),
    ("POST", DESK, clerking(open_case)),
    ("GET", ACCOUNTS, clerking(start_account)),
    ("POST", ACCOUNTS, clerking(open_account_case)),
    ("GET", LETTERS, clerking(letters)),
    ("POST", LETTERS, clerking(set_letters)),
    ("POST", CASE, clerking(look)),
    ("POST", CASE + "/decide", clerking(decide)),
)
