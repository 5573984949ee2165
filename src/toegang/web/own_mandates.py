"""Mandates in My account: what one gave and got, what waits, and answering and changing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue.representation import EdgeKind
from toegang.errors import LoginUnknown, NotEntitled, OneTimeGone, TooManyTries
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.listing import Cut, Last, Listing, given_on_by, listed, typed_by
from toegang.mandates.names import Shown
from toegang.mandates.party import AMSTERDAM, PartyId, PartyKind
from toegang.mandates.reasons import Reason, Reasons
from toegang.mandates.resting import fallen
from toegang.mandates.scope import Scope
from toegang.mandates.voluntary import Actor
from toegang.web import as_read
from toegang.web.announcing import as_told, coming_of
from toegang.web.answers import redirect
from toegang.web.mandate_limits import KEPT, asked, can_be_set, filled, limits_shown
from toegang.web.mandates_before import former
from toegang.web.meant import meant, meant_widely, one_agent
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing, inside, made
from toegang.web.words_of_mandates import CHANGED, objection_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.responses import Response

    from toegang.errors import Refusal
    from toegang.mandates.edge import Edge
    from toegang.mandates.voluntary import Voluntary
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages
    from toegang.web.wrong import Errors

MANDATES = HOME + "/mandates"
LISTS = MANDATES + "/list"
FOR = MANDATES + "/for"
ONE = MANDATES + "/one/{edge}"
PAGE = 20
FEW = 5
WORDS = {each.name.lower().replace("_", "-"): each for each in Listing}
CURRENT = (Listing.TO_ANSWER, Listing.GIVEN, Listing.RECEIVED, Listing.WAITING)

SHEET = Sheet(
    name="account/mandate",
    places={
        OneTimeGone: ("mandate_code", "mandate-code-wrong"),
        TooManyTries: ("", "too-many-tries"),
    },
    kept=("until", "reason", *KEPT),
    signed_in=True,
)


async def overview(here: Here) -> Response:
    """Show the first of each list."""
    lists = []
    more = Listing.WORKERS if for_organisation(here) else Listing.GIVEN_ON
    for listing in (*CURRENT, more):
        found = await door(here).page(actor(here), listing, Cut(size=FEW), here.now)
        if found.edges or found.last or listing is not Listing.GIVEN_ON:
            lists.append((_word(listing), await rows(here, found.edges), found.last is not None))
    if here.behalf is not None:
        return here.page("account/mandates", lists=lists)
    return here.page("account/mandates", lists=lists, hand_overs=await hand_overs(here))


async def hand_overs(here: Here) -> Sequence[dict[str, object]]:
    """Return what was proposed to organisations and waits for an answer of this person, who was told of it.

    Who may not answer by now sees nothing of it: that is asked only where something waits.
    """
    if here.stay.proven.subject.person is None:
        return ()
    representing = here.rooms.representing
    told = await representing.jobs.handing_over.waiting_for(actor(here).party, here.now)
    may = {each: await _administers(here, each) for each in {job.second for job in told}}
    waiting = [each for each in told if may[each.second]]
    names = await representing.names.of([each.second for each in waiting])
    return [
        {"address": f"{address_for(here, each.second)}/hand-over", "name": names[each.second]}
        for each in waiting
    ]


async def _administers(here: Here, organisation: PartyId) -> bool:
    me, teams = actor(here), here.rooms.representing.teams
    try:
        await teams.steward(me.party, organisation, me.level, here.now)
    except NotEntitled:
        return False
    return True


async def show(here: Here) -> Response:
    """Show one mandate, with what can be done about it, and what it said before."""
    return (await desk_of(here)).show(SHEET)


async def agree(here: Here) -> Response:
    """Approve what was asked, accept what was offered, or consent."""
    return await done(here, lambda edge, seen: door(here).agree(actor(here), edge, seen, here.now))


async def letter(here: Here) -> Response:
    """Have a code sent by letter to who is asked."""
    return await done(here, lambda edge, seen: door(here).send_letter(actor(here), edge, seen, here.now))


async def code(here: Here) -> Response:
    """Take a mandate by the code of its letter."""
    typed = here.form.get("mandate_code", "")
    return await done(here, lambda edge, seen: door(here).activate(actor(here), edge, seen, typed, here.now))


async def shorten(here: Here) -> Response:
    """Let it end earlier."""
    until = day_after(here.form.get("until", ""))
    if until is None:
        return await wrong(here, {"until": ("last-day-invalid",)})
    if until <= here.now:
        return await wrong(here, {"until": ("day-is-over",)})
    return await done(here, lambda edge, seen: door(here).shorten(actor(here), edge, seen, until, here.now))


async def extend(here: Here) -> Response:
    """Let it last longer."""
    until = day_after(here.form.get("until", ""))
    if until is None:
        return await wrong(here, {"until": ("last-day-invalid",)})
    return await done(here, lambda edge, seen: door(here).extend(actor(here), edge, seen, until, here.now))


async def drop(here: Here) -> Response:
    """Take one of several services out of it."""
    try:
        scope = Scope.parse(here.form.get("scope", ""))
    except ValueError:
        raise NotEntitled from None
    return await done(here, lambda edge, seen: door(here).drop(actor(here), edge, seen, scope, here.now))


def door(here: Here) -> Voluntary:
    """Return the use cases."""
    return here.rooms.representing.voluntary


def reasons(here: Here) -> Reasons:
    """Return the use cases of why a mandate ended."""
    return Reasons(voluntary=door(here), trail=here.rooms.mine.trail.trail)


def actor(here: Here) -> Actor:
    """Return who is here, as a party.

    Raises:
        LoginUnknown: somebody whom we do not know as a person.

    """
    person = here.stay.proven.subject.person
    if person is None:
        raise LoginUnknown
    if here.behalf is not None:
        return Actor(party=here.behalf, level=here.stay.level, by=PartyId(person), over=here.over)
    return Actor(party=PartyId(person), level=here.stay.level)


def base(here: Here) -> str:
    """Return the address under which the mandates stand that this page is about."""
    return str(here.around.get("mandates_at", MANDATES))


def address_for(here: Here, principal: PartyId) -> str:
    """Return where the mandates of somebody else stand for this person; it proves nothing."""
    person = actor(here).person
    return f"{FOR}/{here.rooms.representing.sealed.seal(principal, place_for(person))}"


def place_for(person: PartyId) -> str:
    """Return for whom alone such an address is sealed."""
    return f"mandates {person}"


def for_organisation(here: Here) -> bool:
    """Tell whether it is done in the name of an organisation."""
    behalf = here.around.get("behalf")
    return isinstance(behalf, Shown) and behalf.kind is not PartyKind.PERSON


def other_side(edge: Edge, me: PartyId) -> PartyId:
    """Return the other side of a mandate; of who agrees beside the principal, who acts."""
    return edge.principal if edge.agent == me else edge.agent


def day_after(typed: str) -> datetime | None:
    """Read a last day as people write it; return the moment at which it is over, in Amsterdam."""
    parts = typed.strip().replace("/", "-").split("-")
    try:
        day, month, year = (int(part) for part in parts)
        return end_of(datetime(year, month, day, tzinfo=AMSTERDAM))
    except (ValueError, OverflowError):
        return None


def end_of(day: datetime) -> datetime:
    """Return the moment at which a day in Amsterdam is over."""
    following = day.date() + timedelta(days=1)
    return datetime.combine(following, datetime.min.time(), AMSTERDAM).astimezone(day.tzinfo)


async def rows(here: Here, found: Sequence[Edge]) -> list[dict[str, object]]:
    """Return what lists show of mandates."""
    me = actor(here).party
    hints = [await door(here).hint(edge, here.now) if typed_by(edge, me) else None for edge in found]
    # Of whom a number was typed no name is asked: whether there is one takes its time (L03).
    known = [other_side(edge, me) for edge, hint in zip(found, hints, strict=True) if hint is None]
    for edge in found:
        by = given_on_by(edge)
        known += () if by is None else (by, edge.principal)
        known += (edge.principal, *_signing(edge, me)) if _signing(edge, me) else ()
    names = await here.rooms.representing.names.of(known)
    fell = await fallen(found, here.rooms.representing.mandates.edges, here.now)
    return [
        _row(here, edge, hint, names) | {"fallen": edge.id in fell}
        for edge, hint in zip(found, hints, strict=True)
    ]


def _row(here: Here, edge: Edge, hint: str | None, names: Mapping[PartyId, Shown]) -> dict[str, object]:
    me, before = actor(here).party, timedelta(seconds=1)
    name, by = names.get(other_side(edge, me)), given_on_by(edge)
    where = listed(edge, me, here.now)
    return {
        "id": str(edge.id),
        "address": f"{base(here)}/one/{edge.id}",
        "other": name if hint is None else None,
        "hint": hint,
        "services": meant(here, edge.terms.scopes),
        "limits": limits_shown(here, edge.terms.restriction),
        "from": edge.terms.from_,
        "until": edge.terms.until - before,
        "state": edge.state_at(here.now).value,
        "early": edge.terms.from_ > here.now,
        "over": where is Listing.ENDED,
        "mine": edge.agent != me,
        "works": edge.agent == me and edge.kind.within_organisation,
        "given_on_by": None if by is None or by == me else names[by],
        "on_for": names[edge.principal] if by is not None and by == me else None,
        "named": here.behalf is not None,
        "beside": names[edge.principal] if me in edge.co_principals and me != edge.principal else None,
        "signers": [
            {"name": names[each], "signed": each == edge.signed or each in edge.agreed}
            for each in _signing(edge, me)
        ],
        "answer": where is Listing.TO_ANSWER,
        "waits_until": edge.pending_until,
    }


def _signing(edge: Edge, me: PartyId) -> tuple[PartyId, ...]:
    """Return who decide on it together, who signed first first: for that side alone."""
    if not edge.co_principals or me not in {edge.principal, *edge.co_principals}:
        return ()
    first = () if edge.signed is None else (edge.signed,)
    return (*first, *sorted(edge.co_principals))


async def told(here: Here, edge: Edge) -> dict[str, object]:
    """Return what the page of a mandate shows."""
    me, state, terms = actor(here), edge.state_at(here.now), edge.terms
    [row] = await rows(here, [edge])
    live, held = not row["over"], state is State.ACTIVE and not row["over"]
    services = here.rooms.representing.services.reached(edge.terms.scopes, here.now)
    letters = bool(services) and all(
        each.representation is not None and each.representation.letter for each in services
    )
    agent, own = edge.agent == me.party, me.by is None
    return row | {
        "former": await former(here, edge, f"{base(here)}/one/{edge.id}"),
        **asked(can_be_set(here, terms.scopes, edge.kind, terms.worth), terms.restriction),
        "reasons": [each.value for each in Reason],
        "why": await reasons(here).read(edge, me.person),
        "services": meant_widely(here, edge.terms.scopes, edge.kind, edge.terms.worth),
        "version": _as_read(here, edge),
        "coming": [] if row["over"] else coming_of(here, edge),
        "one_agent": one_agent(here, edge.terms.scopes, edge.kind),
        "helper": edge.kind is EdgeKind.HELPER,
        "grants": edge.terms.grants,
        "may_give_on": held and own and agent and edge.terms.grants and edge.kind is EdgeKind.VOLUNTARY,
        "may_agree": bool(row["answer"]) and state is not State.CODE_SENT,
        "may_end": live,
        "may_end_all": live and row["on_for"] is None and row["hint"] is None,
        "may_letter": live and own and agent and state is State.REQUESTED and letters,
        "may_code": live and own and agent and state is State.CODE_SENT,
        "may_change": held and row["on_for"] is None,
        "may_extend": held and edge.principal == me.party,
        "may_renew": not live and me.party in {edge.principal, edge.agent} and row["hint"] is None,
    }


async def done(here: Here, act: Callable[[EdgeId, int], Awaitable[Edge]]) -> Response:
    """Do it, if the page would be now as it was read."""
    if not as_read.same(here.form.get("version", ""), _as_read(here, await edge_of(here))):
        return await wrong(here, {"": (CHANGED,)})
    return await acted(here, act)


async def acted(here: Here, act: Callable[[EdgeId, int], Awaitable[Edge]]) -> Response:
    """Do it, and show the mandate as it is now; what is against it is told on its page."""
    edge = await edge_of(here)
    try:
        await act(edge.id, as_read.version_in(here.form.get("version", "")))
    except NotEntitled as refusal:
        return await wrong(here, {"": (objection_of(refusal),)})
    except (OneTimeGone, TooManyTries) as refusal:
        return await _refused(here, refusal)
    return redirect(here.rooms, f"{base(here)}/one/{edge.id}", here.visit)


def _as_read(here: Here, edge: Edge) -> str:
    """Return which version a page shows, and what of it somebody says yes to."""
    words = as_read.named(meant_widely(here, edge.terms.scopes, edge.kind, edge.terms.worth))
    state, terms, one = edge.state_at(here.now), edge.terms, one_agent(here, edge.terms.scopes, edge.kind)
    words += as_told(coming_of(here, edge))
    said = terms.restriction.said
    return as_read.written(edge.version, edge.id, state.value, terms.from_, terms.until, one, said, *words)


async def wrong(here: Here, errors: Errors) -> Response:
    """Show the mandate again, with what is wrong."""
    return (await desk_of(here)).wrong(SHEET, errors)


async def _refused(here: Here, refusal: Refusal) -> Response:
    return (await desk_of(here)).refuse(SHEET, refusal)


async def desk_of(here: Here) -> Desk:
    """Return where the page of a mandate is filled in."""
    edge = await edge_of(here)
    return filled(here.desk(**await told(here, edge)), edge.terms.restriction)


async def edge_of(here: Here) -> Edge:
    """Return the mandate of the page.

    Raises:
        LoginUnknown: nobody's, or somebody else's; never said which.

    """
    try:
        return await door(here).own(actor(here), EdgeId(UUID(here.request.path_params["edge"])), here.now)
    except (ValueError, NotEntitled):
        raise LoginUnknown from None


def _word(listing: Listing) -> str:
    return listing.name.lower().replace("_", "-")


def last_of(at: str, edge: str) -> Last | None:
    """Return where a page stopped, as an address says it; None for the first."""
    try:
        moment = datetime.fromisoformat(at)
        return Last(ends=moment, edge=EdgeId(UUID(edge))) if moment.tzinfo else None
    except ValueError:
        return None


PAGES: Pages = (
    ("GET", MANDATES, inside, overview),
    ("GET", ONE, inside, show),
    ("POST", ONE + "/agree", changing, agree),
    ("POST", ONE + "/letter", changing, letter),
    ("POST", ONE + "/code", changing, code),
    ("POST", ONE + "/shorten", inside, shorten),
    ("POST", ONE + "/extend", changing, extend),
    ("POST", ONE + "/drop", inside, drop),
)
ROUTES = made(PAGES)
