"""Giving and asking a mandate in My account, in four pages: with whom, for what, until when, and do it.

What was chosen stands in a draft of this person in this session (mandates/drafts.py), so every page works
without JavaScript, and the last one shows, and hashes, exactly what is done.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue.representation import EdgeKind
from toegang.errors import LoginExpired, NotEntitled, OneTimeGone, PersonNotFound, TooManyTries
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.demands import demands_of, within
from toegang.mandates.drafts import Draft
from toegang.mandates.edge import EdgeId, Substitution
from toegang.mandates.finding import Found, Typed
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.guards import FURTHEST
from toegang.mandates.party import AMSTERDAM
from toegang.mandates.scope import WIDE
from toegang.mandates.voluntary import Proposal
from toegang.web import as_read
from toegang.web.announcing import as_told, coming_in
from toegang.web.answers import redirect
from toegang.web.apply import parse_day
from toegang.web.mandate_drafts import DRAFT, at, begun, draft_of
from toegang.web.mandate_services import level_of, named
from toegang.web.meant import meant_widely, one_agent
from toegang.web.own_mandates import (
    MANDATES,
    actor,
    base,
    day_after,
    door,
    end_of,
    for_organisation,
    other_side,
)
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import changing, made
from toegang.web.words_of_mandates import CHANGED, objection_of

if TYPE_CHECKING:
    from datetime import date

    from starlette.responses import Response

    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

NEW = MANDATES + "/new"
ASK = MANDATES + "/ask"
CODE = MANDATES + "/code"
USUAL = timedelta(days=365)

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
UNTIL = Sheet(name="account/mandate_until", kept=("until", "begins"), signed_in=True)
CHECK = Sheet(name="account/mandate_check", signed_in=True)


async def show_give(here: Here) -> Response:
    """Ask who is to act."""
    return _who_desk(here, asking=False).show(WHO)


async def show_ask(here: Here) -> Response:
    """Ask who is to be represented."""
    return _who_desk(here, asking=True).show(WHO)


async def give(here: Here) -> Response:
    """Find who is to act."""
    return await _find(here, asking=False)


async def ask(here: Here) -> Response:
    """Find who is to be represented."""
    return await _find(here, asking=True)


async def renew(here: Here) -> Response:
    """Begin one that follows up another, with the same other side, for the same."""
    me = actor(here)
    try:
        edge = await door(here).own(me, EdgeId(UUID(here.request.path_params["edge"])), here.now)
    except (ValueError, NotEntitled):
        raise LoginExpired from None
    if me.party not in {edge.principal, edge.agent} or await door(here).hint(edge, here.now) is not None:
        raise LoginExpired
    other, kind = other_side(edge, me.party), await _kind_now(here, edge)
    scopes = tuple(scope.key for scope in edge.terms.scopes)
    scopes = named(scopes) if kind is EdgeKind.HELPER else scopes
    draft = Draft(
        by=me.party,
        session=here.stay.session,
        asking=edge.agent == me.party,
        other=Found(party=other, nobody=other),
        scopes=scopes,
        renews=edge.id,
        kind=kind,
        to_organisation=edge.terms.substitution is not Substitution.NONE,
        later=any(each.kind in WIDE and each.as_of is None for each in edge.terms.scopes),
        begun_at=here.now,
    )
    return await begun(here, draft, "until" if scopes else "services")


async def _kind_now(here: Here, edge: Edge) -> EdgeKind:
    """Return what a mandate is that begins now: to whom was listed as a helper since, that is help."""
    helping = here.rooms.representing.helping
    since = edge.kind is EdgeKind.VOLUNTARY and await helping.among((edge.agent,), here.now)
    return EdgeKind.HELPER if since else edge.kind


async def show_until(here: Here) -> Response:
    """Ask for the last day."""
    _, draft = await draft_of(here)
    return (await _until_desk(here, draft)).show(UNTIL)


async def until(here: Here) -> Response:
    """Keep the last day."""
    id_, draft = await draft_of(here)
    after, longest = day_after(here.form.get("until", "")), await _longest(here, draft)
    if after is None:
        return (await _until_desk(here, draft)).wrong(UNTIL, {"until": ("last-day-invalid",)})
    if after <= here.now:
        return (await _until_desk(here, draft)).wrong(UNTIL, {"until": ("day-is-over",)})
    if longest is not None and after > end_of(longest):
        return (await _until_desk(here, draft)).wrong(UNTIL, {"until": ("mandate-longer-than-admitted",)})
    last = (after - timedelta(seconds=1)).astimezone(AMSTERDAM).date()
    typed = here.form.get("begins", "").strip()
    over = day_after(typed) if typed else None
    if typed and (wrong := _not_a_first_day(over, after, here.now)):
        return (await _until_desk(here, draft)).wrong(UNTIL, {"begins": (wrong,)})
    begins = None if over is None else last_day(over).date()
    grants = here.form.get("grants") == "yes" and _may_grant(draft)
    await here.rooms.representing.drafts.change(
        id_, here.now, lambda kept: replace(kept, until=last, begins=begins, grants=grants)
    )
    return redirect(here.rooms, at(here, id_, "check"), here.visit)


async def show_check(here: Here) -> Response:
    """Show all of it, to be done."""
    id_, draft = await draft_of(here)
    if not draft.scopes or draft.until is None:
        return redirect(here.rooms, at(here, id_, "until" if draft.scopes else "services"), here.visit)
    return here.desk(**await _read(here, draft)).show(CHECK)


async def check(here: Here) -> Response:
    """Do it."""
    id_, draft = await draft_of(here)
    if not draft.scopes or draft.until is None:
        return redirect(here.rooms, at(here, id_, "services"), here.visit)
    values = await _read(here, draft)
    if not as_read.same(here.form.get("read", ""), values["read"]):
        return here.desk(**values).wrong(CHECK, {"": (CHANGED,)})
    wanted = Proposal(
        scopes=draft.meant(here.now),
        from_=_from(draft, here.now),
        until=_after(draft.until),
        read=here.rooms.pages.render("account/_mandate_words", here.visit.language, **values).decode(),
        renews=draft.renews,
        kind=draft.kind,
        to_organisation=draft.to_organisation,
        grants=draft.grants,
    )
    try:
        edge = await _begin(here, draft, wanted)
    except NotEntitled as refusal:
        return here.desk(**values).wrong(CHECK, {"": (objection_of(refusal),)})
    await here.rooms.representing.drafts.drop(id_)
    return redirect(here.rooms, f"{base(here)}/one/{edge.id}", here.visit)


async def _begin(here: Here, draft: Draft, wanted: Proposal) -> Edge:
    if draft.on is not None:
        return await GivingOn(voluntary=door(here)).give(actor(here), draft.on, draft.other, wanted, here.now)
    begin = door(here).request if draft.asking else door(here).offer
    return await begin(actor(here), draft.other, wanted, here.now)


async def show_code(here: Here) -> Response:
    """Say what one's own code is for."""
    return here.page("account/mandate_code", code="")


async def make_code(here: Here) -> Response:
    """Make a code to show to somebody."""
    finding, me = door(here).finding, actor(here)
    await finding.meet(me.party, here.now)
    try:
        code = await finding.show_code(me.party, here.now)
    except TooManyTries:
        return here.desk(code="").wrong(
            Sheet(name="account/mandate_code", signed_in=True), {"": ("too-many-tries",)}
        )
    return here.page_once("account/mandate_code", code=code)


async def _find(here: Here, *, asking: bool) -> Response:
    """Find the other side; nothing on the next page tells whether there is anybody."""
    desk, fields, me = _who_desk(here, asking=asking), Fields(here.form), actor(here)
    finding, code = door(here).finding, here.form.get("contact_code", "").strip()
    kvk = here.form.get("kvk", "").strip()
    try:
        if kvk:
            number = fields.read("kvk", KvkNumber.parse, "kvk-invalid")
            if number is None:
                return desk.wrong(WHO, fields.errors)
            other = await finding.by_kvk(me.party, number, here.now)
        elif code:
            other = await finding.by_code(me.party, code, here.now)
        else:
            bsn = fields.read("bsn", Bsn.parse, "bsn-invalid")
            born = fields.read("birth_date", parse_day, "date-invalid")
            if bsn is None or born is None:
                return desk.wrong(WHO, fields.errors)
            other = await finding.by_number(me.party, Typed(bsn=bsn, born=born), here.now)
    except NotEntitled as refusal:
        return desk.wrong(WHO, {"": (objection_of(refusal),)})
    except (OneTimeGone, PersonNotFound, TooManyTries) as refusal:
        return desk.refuse(WHO, refusal)
    draft = Draft(
        by=me.party,
        session=here.stay.session,
        asking=asking,
        other=other,
        begun_at=here.now,
        kind=await _kind(here, asking=asking, other=other.party if kvk else None),
        to_organisation=for_organisation(here) if asking else bool(kvk),
    )
    return await begun(here, draft, "services")


async def _kind(here: Here, *, asking: bool, other: PartyId | None) -> EdgeKind:
    """Return what a mandate is by who the two are; `other` is the other side where it is an organisation."""
    mine = actor(here).party if for_organisation(here) else None
    principal, agent = (other, mine) if asking else (mine, other)
    if principal is not None:
        return EdgeKind.EMPLOYEE if agent is None else EdgeKind.INTERMEDIARY
    helps = agent is not None and await here.rooms.representing.helping.among((agent,), here.now)
    return EdgeKind.HELPER if helps else EdgeKind.VOLUNTARY


def _who_desk(here: Here, *, asking: bool) -> Desk:
    return here.desk(asking=asking, organisation=for_organisation(here))


async def _until_desk(here: Here, draft: Draft) -> Desk:
    longest = await _longest(here, draft)
    usual = (here.now + USUAL).astimezone(AMSTERDAM)
    return here.desk(
        longest=longest,
        usual=usual if longest is None else min(usual, longest),
        may_grant=_may_grant(draft),
        granted=draft.grants,
    )


def _may_grant(draft: Draft) -> bool:
    """Tell whether it can be given so that who acts may give it on: by a person to a person."""
    return draft.kind is EdgeKind.VOLUNTARY and not draft.asking and not draft.to_organisation


async def _longest(here: Here, draft: Draft) -> datetime | None:
    """Return the last day until which the services chosen let a mandate last; None where they are gone.

    What is given on lasts no longer than the mandate that it is given by.
    """
    scopes = draft.meant(here.now)
    reached = here.rooms.representing.services.reached(scopes, here.now)
    reached = within(draft.kind, scopes, reached, level_of(here, draft))
    demands = demands_of(each.representation for each in reached if each.representation is not None)
    if demands is None:
        return None
    most = here.now + demands.longest_of(draft.kind)
    if draft.on is not None:
        with suppress(NotEntitled):  # over meanwhile, as the last page tells
            on = await GivingOn(voluntary=door(here)).held(actor(here), draft.on, here.now)
            most = min(most, on.terms.until)
    return last_day(most)


def last_day(most: datetime) -> datetime:
    """Return the last day that is over by then, in Amsterdam: days there have 23, 24 or 25 hours."""
    return most.astimezone(AMSTERDAM) - timedelta(days=1)  # by the calendar there, whatever the hours are


async def _read(here: Here, draft: Draft) -> dict[str, object]:
    """Return what stands on the last page."""
    me, doer = actor(here).party, actor(here).by
    if draft.on is not None:
        me, doer = (await door(here).own(actor(here), draft.on, here.now)).principal, me
    # Of whom a number was typed no name is asked: whether there is one takes its time (L03).
    known = (me,) if draft.other.hint else (me, draft.other.party)
    names = await here.rooms.representing.names.of(known if doer is None else (*known, doer))
    services = meant_widely(here, draft.meant(here.now), draft.kind, level_of(here, draft))
    one = one_agent(here, draft.meant(here.now), draft.kind)
    coming = coming_in(here, draft, level_of(here, draft), _after(draft.until) if draft.until else None)
    words = (*as_read.named(services), *as_told(coming))
    whom = (me, doer, draft.other.party, draft.other.hint, draft.asking, draft.renews, draft.grants)
    return {
        "read": as_read.digest(*whom, draft.until, draft.begins, one, *words),
        "coming": coming,
        "asking": draft.asking,
        "me": names[me],
        "doer": None if doer is None else names[doer],
        "falls": doer is not None and not draft.asking and not for_organisation(here),
        "organisation": draft.to_organisation,
        "helper": draft.kind is EdgeKind.HELPER,
        "grants": draft.grants,
        "other": None if draft.other.hint else names[draft.other.party],
        "hint": draft.other.hint,
        "services": services,
        "from": _from(draft, here.now),
        "early": draft.begins is not None,
        "one_agent": one,
        "until": _after(draft.until) - timedelta(seconds=1) if draft.until else here.now,
    }


def _not_a_first_day(over: datetime | None, after: datetime, now: datetime) -> str:
    """Return the reason why a mandate cannot begin on a day that is over then; empty where it can."""
    if over is None:
        return "date-invalid"
    if over <= now:
        return "day-is-over"
    return "first-day-too-late" if over > after or over > now + FURTHEST else ""


def _from(draft: Draft, now: datetime) -> datetime:
    """Return when it begins: at once, or when its first day does."""
    return now if draft.begins is None else max(now, _after(draft.begins - timedelta(days=1)))


def _after(day: date) -> datetime:
    """Return the moment at which a day in Amsterdam is over."""
    return end_of(datetime.combine(day, datetime.min.time(), AMSTERDAM))


PAGES: Pages = (
    ("GET", NEW, changing, show_give),
    ("POST", NEW, changing, give),
    ("GET", ASK, changing, show_ask),
    ("POST", ASK, changing, ask),
    ("GET", CODE, changing, show_code),
    ("POST", CODE, changing, make_code),
    ("POST", MANDATES + "/one/{edge}/renew", changing, renew),
    ("GET", DRAFT + "/until", changing, show_until),
    ("POST", DRAFT + "/until", changing, until),
    ("GET", DRAFT + "/check", changing, show_check),
    ("POST", DRAFT + "/check", changing, check),
)
ROUTES = made(PAGES)
