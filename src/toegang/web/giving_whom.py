"""With whom a mandate is: the first page of giving or asking one, and others who get the same at once.

Nothing on these pages tells whether there is anybody (L03). Up to ten can be given the same: each gets a
mandate of their own, and what is chosen on the pages that follow is chosen once for all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone, PersonNotFound, TooManyTries
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.drafts import MOST_OTHERS, Draft, Other
from toegang.mandates.finding import Found, Typed
from toegang.web.answers import redirect
from toegang.web.apply import parse_day
from toegang.web.mandate_drafts import DRAFT, at, begun, draft_of
from toegang.web.own_mandates import MANDATES, actor, base, door, for_organisation
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import changing, made
from toegang.web.words_of_mandates import objection_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from toegang.mandates.party import PartyId
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

NEW = MANDATES + "/new"
ASK = MANDATES + "/ask"
TYPED = ("contact_code", "bsn", "birth_date", "kvk")
ANOTHER = "another"
_TAKEN_OUT = re.compile(r"without-([0-9])", re.ASCII)

WHO = Sheet(
    name="account/mandate_who",
    places={
        OneTimeGone: ("contact_code", "contact-code-gone"),
        PersonNotFound: ("kvk", "kvk-unknown"),
        TooManyTries: ("", "too-many-tries"),
    },
    kept=("kvk", "bsn", "birth_date"),
    signed_in=True,
)


async def show_give(here: Here) -> Response:
    """Ask who is to act."""
    return _desk(here, asking=False).show(WHO)


async def show_ask(here: Here) -> Response:
    """Ask who is to be represented."""
    return _desk(here, asking=True).show(WHO)


async def give(here: Here) -> Response:
    """Find who is to act."""
    return await _begin(here, asking=False)


async def ask(here: Here) -> Response:
    """Find who is to be represented."""
    return await _begin(here, asking=True)


async def show_whom(here: Here) -> Response:
    """Show who is to act until now, and ask who else."""
    id_, draft = await draft_of(here)
    if not draft.may_be_several():
        return redirect(here.rooms, at(here, id_, "services"), here.visit)
    return (await _several_desk(here, draft)).show(WHO)


async def whom(here: Here) -> Response:
    """Add somebody, take somebody out, or go on."""
    id_, draft = await draft_of(here)
    if not draft.may_be_several():
        return redirect(here.rooms, at(here, id_, "services"), here.visit)
    out = _TAKEN_OUT.fullmatch(here.form.get("do", ""))
    if out:
        return await _take_out(here, id_, draft, int(out[1]))
    another = here.form.get("do") == ANOTHER
    if not another and not any(here.form.get(name, "").strip() for name in TYPED):
        return redirect(here.rooms, at(here, id_, "services"), here.visit)
    desk = await _several_desk(here, draft)
    if len(draft.others) >= MOST_OTHERS:
        return desk.wrong(WHO, {"": ("others-too-many",)})
    found = await _find(here, desk, asking=False)
    if not isinstance(found, Draft):
        return found
    if found.kind is not draft.kind:
        return desk.wrong(WHO, {"": ("others-of-one-kind",)})
    [other] = found.others
    await here.rooms.representing.drafts.change(id_, here.now, lambda kept: kept.with_other(other))
    return redirect(here.rooms, at(here, id_, "whom" if another else "services"), here.visit)


async def _take_out(here: Here, id_: str, draft: Draft, place: int) -> Response:
    """Take one out; of the last the draft is forgotten, and the first page asks anew."""
    drafts = here.rooms.representing.drafts
    if len(draft.others) == 1 and place == 0:
        await drafts.drop(id_)
        return redirect(here.rooms, f"{base(here)}/new", here.visit)
    await drafts.change(id_, here.now, lambda kept: kept.without(place))
    return redirect(here.rooms, at(here, id_, "whom"), here.visit)


async def _begin(here: Here, *, asking: bool) -> Response:
    """Begin a draft with the other side that was found."""
    found = await _find(here, _desk(here, asking=asking), asking=asking)
    if not isinstance(found, Draft):
        return found
    another = here.form.get("do") == ANOTHER and not asking
    return await begun(here, found, "whom" if another else "services")


async def _find(here: Here, desk: Desk, *, asking: bool) -> Draft | Response:
    """Find the other side; nothing on the next page tells whether there is anybody."""
    fields, me = Fields(here.form), actor(here)
    kvk = here.form.get("kvk", "").strip()
    try:
        other = await _found(here, fields)
    except NotEntitled as refusal:
        return desk.wrong(WHO, {"": (objection_of(refusal),)})
    except (OneTimeGone, PersonNotFound, TooManyTries) as refusal:
        return desk.refuse(WHO, refusal)
    if other is None:
        return desk.wrong(WHO, fields.errors)
    return Draft(
        by=me.party,
        session=here.stay.session,
        asking=asking,
        other=other,
        begun_at=here.now,
        kind=await kind_of(here, asking=asking, other=other.party if kvk else None),
        to_organisation=for_organisation(here) if asking else bool(kvk),
    )


async def _found(here: Here, fields: Fields) -> Found | None:
    """Look for who was typed, or showed a code; None where that cannot be right."""
    finding, me, firm = door(here).finding, actor(here).party, for_organisation(here)
    in_name = actor(here).by is not None
    if here.form.get("kvk", "").strip():
        number = fields.read("kvk", KvkNumber.parse, "kvk-invalid")
        return None if number is None else await finding.by_kvk(me, number, here.now, firm=firm)
    if code := here.form.get("contact_code", "").strip():
        return await finding.by_code(me, code, here.now)
    bsn = fields.read("bsn", Bsn.parse, "bsn-invalid")
    born = fields.read("birth_date", parse_day, "date-invalid")
    if bsn is None or born is None:
        return None
    typed = Typed(bsn=bsn, born=born)
    return await finding.by_number(me, typed, here.now, firm=firm, in_name=in_name)


async def kind_of(here: Here, *, asking: bool, other: PartyId | None) -> EdgeKind:
    """Return what a mandate is by who the two are; `other` is the other side where it is an organisation."""
    mine = actor(here).party if for_organisation(here) else None
    principal, agent = (other, mine) if asking else (mine, other)
    if principal is not None:
        return EdgeKind.EMPLOYEE if agent is None else EdgeKind.INTERMEDIARY
    helps = agent is not None and await here.rooms.representing.helping.among((agent,), here.now)
    return EdgeKind.HELPER if helps else EdgeKind.VOLUNTARY


def _desk(here: Here, *, asking: bool) -> Desk:
    return here.desk(
        asking=asking, organisation=for_organisation(here), others=(), full=False, most=MOST_OTHERS
    )


async def _several_desk(here: Here, draft: Draft) -> Desk:
    full, desk = len(draft.others) >= MOST_OTHERS, _desk(here, asking=False)
    return replace(desk, values={**desk.values, "others": await shown(here, draft.others), "full": full})


async def shown(here: Here, others: Sequence[Other]) -> list[dict[str, object]]:
    """Return what pages show of others: the end of what was typed, or the name of who is known.

    Of whom a number was typed no name is asked: whether there is one takes its time (L03).
    """
    known = [each.found.party for each in others if not each.found.hint]
    names = await here.rooms.representing.names.of(known)
    return [
        {
            "other": None if each.found.hint else names[each.found.party],
            "hint": each.found.hint,
        }
        for each in others
    ]


PAGES: Pages = (
    ("GET", NEW, changing, show_give),
    ("POST", NEW, changing, give),
    ("GET", ASK, changing, show_ask),
    ("POST", ASK, changing, ask),
    ("GET", DRAFT + "/whom", changing, show_whom),
    ("POST", DRAFT + "/whom", changing, whom),
)
ROUTES = made(PAGES)
