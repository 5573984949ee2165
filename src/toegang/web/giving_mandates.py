"""Giving and asking a mandate in My account, in four pages: with whom, for what, until when, and do it.

What was chosen stands in a draft of this person in this session (mandates/drafts.py), so every page works
without JavaScript, and the last one shows, and hashes, exactly what is done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue.representation import EdgeKind
from toegang.errors import LoginExpired, NotEntitled, TooManyTries
from toegang.mandates.asking_many import AskingMany
from toegang.mandates.beginning import Against, Beginning
from toegang.mandates.demands import demands_of, within
from toegang.mandates.drafts import Draft
from toegang.mandates.edge import EdgeId, Substitution
from toegang.mandates.finding import Found
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.guards import FURTHEST
from toegang.mandates.life import Act
from toegang.mandates.party import AMSTERDAM
from toegang.mandates.scope import UNRESTRICTED, WIDE
from toegang.mandates.voluntary import Proposal
from toegang.web import as_read
from toegang.web.announcing import as_told, coming_in
from toegang.web.answers import redirect
from toegang.web.draft_limits import bound_of, can_be_set_in, held, lost, most_of
from toegang.web.giving_whom import shown
from toegang.web.mandate_drafts import DRAFT, at, begun, draft_of, level_of
from toegang.web.mandate_limits import KEPT, MORE_THAN_OWN, asked, chosen_before, filled, limits_shown, read
from toegang.web.mandate_services import named
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
    rows,
)
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, made
from toegang.web.words_of_mandates import CHANGED, objection_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from starlette.responses import Response

    from toegang.mandates.edge import Edge
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

CODE = MANDATES + "/code"
USUAL = timedelta(days=365)

UNTIL = Sheet(name="account/mandate_until", kept=("until", "begins", *KEPT), signed_in=True)
CHECK = Sheet(name="account/mandate_check", signed_in=True)
DONE = "account/mandate_several"
ONE_FOR_SEVERAL = "one-agent-for-several"


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
        restriction=chosen_before(edge.terms.restriction, UNRESTRICTED),
    )
    may = scopes and most_of(here, draft, draft.meant(here.now)) is not None
    return await begun(here, draft, "until" if may else "services")


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
    may, wrongs = read(here, can_be_set_in(here, draft), await bound_of(here, draft), MORE_THAN_OWN)
    if wrongs:
        return (await _until_desk(here, draft)).wrong(UNTIL, wrongs)
    await here.rooms.representing.drafts.change(
        id_, here.now, lambda kept: replace(kept, until=last, begins=begins, grants=grants, restriction=may)
    )
    return redirect(here.rooms, at(here, id_, "check"), here.visit)


async def show_check(here: Here) -> Response:
    """Show all of it, to be done."""
    id_, draft = await draft_of(here)
    if not draft.scopes or draft.until is None:
        return redirect(here.rooms, at(here, id_, "until" if draft.scopes else "services"), here.visit)
    if await lost(here, draft):
        return redirect(here.rooms, at(here, id_, "until"), here.visit)
    if draft.listed and len(draft.asked) == len(draft.listed):
        return redirect(here.rooms, at(here, id_, "asked"), here.visit)
    return here.desk(**await _read(here, draft)).show(CHECK)


async def check(here: Here) -> Response:
    """Do it."""
    id_, draft = await draft_of(here)
    if not draft.scopes or draft.until is None:
        return redirect(here.rooms, at(here, id_, "services"), here.visit)
    values = await _read(here, draft)
    if wrong := _wrong(here, draft, values):
        return here.desk(**values).wrong(CHECK, {"": (wrong,)})
    wanted = _wanted(here, draft, draft.until, values)
    if draft.listed:
        return await _ask_each(here, id_, wanted)
    try:
        made = await _begin(here, draft, wanted)
    except NotEntitled as refusal:
        return here.desk(**values).wrong(CHECK, {"": (objection_of(refusal),)})
    if isinstance(made, Against):
        if len(draft.others) > 1:
            values |= {"against": (await shown(here, draft.others))[made.place]}
        return here.desk(**values).wrong(CHECK, {"": (objection_of(made.refusal),)})
    await here.rooms.representing.drafts.drop(id_)
    if len(made) > 1:
        return here.page(DONE, rows=await rows(here, made))
    return redirect(here.rooms, f"{base(here)}/one/{made[0].id}", here.visit)


def _wrong(here: Here, draft: Draft, values: Mapping[str, object]) -> str:
    """Return why what stands on the last page cannot be done; empty where it can."""
    if not as_read.same(here.form.get("read", ""), values["read"]):
        return CHANGED
    several = len(draft.others) > 1 and not draft.asking
    return ONE_FOR_SEVERAL if several and values["one_agent"] else ""


def _wanted(here: Here, draft: Draft, until: date, values: Mapping[str, object]) -> Proposal:
    """Return what is asked or given, as the last page says it."""
    return Proposal(
        scopes=draft.meant(here.now),
        from_=_from(draft, here.now),
        until=_after(until),
        read=here.rooms.pages.render("account/_mandate_words", here.visit.language, **values).decode(),
        renews=draft.renews,
        kind=draft.kind,
        to_organisation=draft.to_organisation,
        grants=draft.grants and _may_grant(draft),
        restriction=draft.restriction,
    )


async def _ask_each(here: Here, id_: str, wanted: Proposal) -> Response:
    """Ask everybody on a list, each apart, and go to what became of it."""
    drafts = here.rooms.representing.drafts
    many = AskingMany(voluntary=door(here), drafts=drafts, clock=here.rooms.clock)
    await many.ask(actor(here), id_, wanted, here.now)
    return redirect(here.rooms, at(here, id_, "asked"), here.visit)


async def _begin(here: Here, draft: Draft, wanted: Proposal) -> Sequence[Edge] | Against:
    """Begin it with everybody, or with nobody."""
    if draft.on is not None:
        on = GivingOn(voluntary=door(here))
        return [await on.give(actor(here), draft.on, draft.other, wanted, here.now)]
    each = [(other.found, replace(wanted, to_organisation=other.to_organisation)) for other in draft.others]
    act = Act.REQUEST if draft.asking else Act.OFFER
    return await Beginning(voluntary=door(here)).with_each(actor(here), each, act, here.now)


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


async def _until_desk(here: Here, draft: Draft) -> Desk:
    longest = await _longest(here, draft)
    usual, bound = (here.now + USUAL).astimezone(AMSTERDAM), await bound_of(here, draft)
    desk = here.desk(
        longest=longest,
        usual=usual if longest is None else min(usual, longest),
        may_grant=_may_grant(draft),
        granted=draft.grants,
        limits_lost=await lost(here, draft),
        limits_own=limits_shown(here, bound),
        **asked(can_be_set_in(here, draft), bound),
    )
    return filled(desk, chosen_before(draft.restriction, bound))


def _may_grant(draft: Draft) -> bool:
    """Tell whether it can be given so that who acts may give it on: by a person to a person."""
    return (
        draft.kind is EdgeKind.VOLUNTARY
        and not draft.asking
        and not any(each.to_organisation for each in draft.others)
    )


async def _longest(here: Here, draft: Draft) -> datetime | None:
    """Return the last day until which the services chosen let a mandate last; None where they are gone.

    What is given on lasts no longer than the mandate that it is given by, and what is given in another's name
    no longer than one may decide for them.
    """
    scopes = draft.meant(here.now)
    reached = here.rooms.representing.services.reached(scopes, here.now)
    reached = within(draft.kind, scopes, reached, level_of(here, draft))
    demands = demands_of(each.representation for each in reached if each.representation is not None)
    if demands is None:
        return None
    most, on = here.now + demands.longest_of(draft.kind), await held(here, draft)
    ends = (None if on is None else on.terms.until, None if draft.asking else here.lasts)
    return last_day(min((most, *(each for each in ends if each is not None))))


def last_day(most: datetime) -> datetime:
    """Return the last day that is over by then, in Amsterdam: days there have 23, 24 or 25 hours."""
    return most.astimezone(AMSTERDAM) - timedelta(days=1)  # by the calendar there, whatever the hours are


async def _read(here: Here, draft: Draft) -> dict[str, object]:
    """Return what stands on the last page."""
    me, doer = actor(here).party, actor(here).by
    if draft.on is not None:
        me, doer = (await door(here).own(actor(here), draft.on, here.now)).principal, me
    names = await here.rooms.representing.names.of((me,) if doer is None else (me, doer))
    # Whom a list names is shown by how many they are: registers are not asked for so many names.
    first, *more = await shown(here, draft.others) if not draft.listed else [{"other": None, "hint": ""}]
    services = meant_widely(here, draft.meant(here.now), draft.kind, level_of(here, draft))
    grants = draft.grants and _may_grant(draft)
    one = one_agent(here, draft.meant(here.now), draft.kind)
    coming = coming_in(here, draft, level_of(here, draft), _after(draft.until) if draft.until else None)
    words = (*as_read.named(services), *as_told(coming))
    whom = (me, doer, draft.other.party, draft.other.hint, draft.asking, draft.renews, grants)
    besides = [part for each in draft.others[1:] for part in (each.found.party, each.found.hint)]
    return {
        "read": as_read.digest(
            *whom, *besides, draft.until, draft.begins, one, draft.restriction.said, *words
        ),
        "coming": coming,
        "limits": limits_shown(here, draft.restriction),
        "asking": draft.asking,
        "clients": len(draft.listed) - len(draft.asked),
        "me": names[me],
        "doer": None if doer is None else names[doer],
        "falls": doer is not None and not draft.asking and not for_organisation(here),
        "organisation": any(each.to_organisation for each in draft.others),
        "helper": draft.kind is EdgeKind.HELPER,
        "grants": grants,
        **first,
        "more": more,
        "against": None,
        "whom_at": at(here, here.request.path_params["draft"], "whom") if draft.may_be_several() else "",
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
    ("GET", CODE, changing, show_code),
    ("POST", CODE, changing, make_code),
    ("POST", MANDATES + "/one/{edge}/renew", changing, renew),
    ("GET", DRAFT + "/until", changing, show_until),
    ("POST", DRAFT + "/until", changing, until),
    ("GET", DRAFT + "/check", changing, show_check),
    ("POST", DRAFT + "/check", changing, check),
)
ROUTES = made(PAGES)
