"""The office, for officers: find a mandate by its reference, see how it stands, decide about it by two.

Who the two of a mandate are stands on none of these pages. The reference is the one that both of them see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.catalogue.values import Role
from toegang.errors import LoginUnknown, NotEntitled
from toegang.mandates.edge import EdgeId
from toegang.mandates.life import LINES, Act
from toegang.mandates.office import CAUSES, Cause, Order
from toegang.mandates.party import PartyId
from toegang.mandates.proposing import BY_TWO, MOST_OPEN, Officer, is_late
from toegang.mandates.scope import Scope
from toegang.web import as_read
from toegang.web.answers import redirect
from toegang.web.goals import OFFICE
from toegang.web.meant import meant
from toegang.web.sheets import Sheet
from toegang.web.staying import in_office
from toegang.web.words_of_office import objection_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.mandates.edge import Edge
    from toegang.mandates.proposing import FourEyes, Proposal
    from toegang.mandates.statement import Statement
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

ONE = OFFICE + "/{edge}"
REFERENCE, ORDER, CAUSE, DECISION = "office_reference", "office_order", "office_cause", "office_decision"
FIND = Sheet(name="cockpit/mandates", kept=(REFERENCE,), signed_in=True)
MANDATE = Sheet(name="cockpit/mandate", kept=(ORDER, CAUSE, DECISION), signed_in=True)
MOST_USES: Final = 50
"""Uses on one page; the command has them all."""


async def show_find(here: Here) -> Response:
    """Ask which mandate, and show what waits for a second officer."""
    return (await _start(here)).show(FIND)


async def find(here: Here) -> Response:
    """Go to the page of a mandate."""
    try:
        id_ = EdgeId(UUID(here.form.get(REFERENCE, "").strip()))
        await door(here).office.find(id_)
    except (ValueError, NotEntitled):
        return (await _start(here)).wrong(FIND, {REFERENCE: ("office-unknown",)})
    return redirect(here.rooms, f"{OFFICE}/{id_}", here.visit)


async def show(here: Here) -> Response:
    """Show how a mandate stands, and what is proposed."""
    return (await _desk(here)).show(MANDATE)


async def decide(here: Here) -> Response:
    """Let a mandate stand still, or propose what takes two."""
    edge, wrong = await _edge(here), _wrong(here)
    if wrong:
        return (await _desk(here)).wrong(MANDATE, wrong)
    officer, act, seen = (
        _officer(here),
        Act(here.form[ORDER]),
        as_read.version_in(here.form.get("version", "")),
    )
    try:
        order = _order(here, officer)
        if act is Act.SUSPEND:
            await door(here).suspend(officer, edge.id, seen, order, here.now)
        else:
            await door(here).propose(officer, edge.id, act, seen, order, here.now)
    except NotEntitled as refusal:
        return (await _desk(here)).wrong(MANDATE, {"": (objection_of(refusal),)})
    return redirect(here.rooms, f"{OFFICE}/{edge.id}", here.visit)


async def answer(here: Here) -> Response:
    """Do what a colleague proposed, or not; or take one's own proposal back."""
    edge, officer, do = await _edge(here), _officer(here), here.form.get("do", "")
    name, seen = here.form.get("proposal", ""), as_read.version_in(here.form.get("version", ""))
    try:
        if do == "withdraw":
            await door(here).withdraw(officer, edge.id, name, here.now)
        elif do == "decline":
            await door(here).decline(officer, edge.id, name, here.now)
        elif do == "confirm":
            await _check_colleague(here, edge)
            await door(here).confirm(officer, edge.id, name, seen, here.now)
    except NotEntitled as refusal:
        return (await _desk(here)).wrong(MANDATE, {"": (objection_of(refusal),)})
    return redirect(here.rooms, f"{OFFICE}/{edge.id}", here.visit)


def door(here: Here) -> FourEyes:
    """Return the use cases."""
    return here.rooms.representing.office


async def _edge(here: Here) -> Edge:
    """Return the mandate of the page.

    Raises:
        LoginUnknown: there is none.

    """
    try:
        return await door(here).office.find(EdgeId(UUID(here.request.path_params["edge"])))
    except (ValueError, NotEntitled):
        raise LoginUnknown from None


def _officer(here: Here) -> Officer:
    """Return who works here now.

    Raises:
        LoginUnknown: somebody whom we do not know as a person: they could be two officers.

    """
    holder = here.rooms.operators.check(here.stay, here.now, Role.MANDATE_OFFICER)
    person = here.stay.proven.subject.person
    if person is None:
        raise LoginUnknown
    return Officer(name=holder.subject, party=PartyId(person))


async def _check_colleague(here: Here, edge: Edge) -> None:
    """Refuse to do what somebody proposed who is no officer any more."""
    proposal = await door(here).find(edge.id, here.now)
    if proposal and not here.rooms.operators.still(proposal.by, Role.MANDATE_OFFICER, here.now):
        message = "who proposed it is no officer any more"
        raise NotEntitled(message, why="colleague-gone")


def _wrong(here: Here) -> dict[str, tuple[str, ...]]:
    """Return which fields of a decision cannot be read."""
    wrong: dict[str, tuple[str, ...]] = {}
    for name, known in ((ORDER, CAUSES), (CAUSE, set(Cause))):
        if here.form.get(name, "") not in known:
            wrong[name] = ("choose-one",)
    try:
        Order(by="", cause=Cause.COURT, decision=here.form.get(DECISION, "").strip())
    except ValueError:
        wrong[DECISION] = ("office-ground",)
    return wrong


def _order(here: Here, officer: Officer) -> Order:
    return Order(by=officer.name, cause=Cause(here.form[CAUSE]), decision=here.form[DECISION].strip())


async def _start(here: Here) -> Desk:
    """Return where a mandate is looked for, beside what waits; whoever looks is noted at its own page."""
    found = await door(here).open(_officer(here), here.now)
    rows = [
        {**_shown(here, proposal, late=is_late(proposal, edge, here.now)), "edge": str(edge.id)}
        for edge, proposal in found
    ]
    return here.desk(waiting=rows, more=len(rows) == MOST_OPEN)


async def _desk(here: Here) -> Desk:
    officer, now = _officer(here), here.now
    edge = await door(here).office.look((await _edge(here)).id, officer.name, now)
    proposal = await door(here).seen_by(officer, edge, now)
    state = edge.state_at(now)
    uses = await _uses(here, edge)
    return here.desk(
        id=str(edge.id),
        version=str(edge.version),
        state=state.value,
        since=edge.since,
        over=edge.terms.until <= now,
        kind=edge.kind.value,
        source=edge.source.value,
        begins=edge.terms.from_,
        ends=edge.terms.until,
        worth=edge.terms.worth,
        services=meant(here, edge.terms.scopes),
        uses=[_use(here, each) for each in uses[:MOST_USES]],
        more_uses=len(uses) > MOST_USES,
        proposal=None if proposal is None else _shown(here, proposal, late=is_late(proposal, edge, now)),
        orders=[
            act.value for act in CAUSES if state in LINES[act].from_ and not (proposal and act in BY_TWO)
        ],
        by_two=[act.value for act in BY_TWO],
        causes=[each.value for each in Cause],
    )


async def _uses(here: Here, edge: Edge) -> list[Statement]:
    """Return the first uses of a mandate, and one more than a page shows where there are."""
    found: list[Statement] = []
    async for each in door(here).office.uses(edge, edge.terms.from_):
        found.append(each)
        if len(found) > MOST_USES:
            break
    return found


def _use(here: Here, used: Statement) -> dict[str, object]:
    names = here.rooms.representing.services.called(Scope.of_service(used.service))
    return {"at": used.issued_at, "names": names, "statement": str(used.id)}


def _shown(here: Here, proposal: Proposal, *, late: bool) -> dict[str, object]:
    """Return what a page tells of a proposal; `late`, when the mandate does not stand so any more."""
    officer = _officer(here)
    holders = here.rooms.catalogue.current.role_holders(proposal.by)
    return {
        "name": proposal.name,
        "act": proposal.act.value,
        "cause": proposal.cause.value,
        "decision": proposal.decision,
        "by": next((each.name for each in holders), ""),
        "at": proposal.at,
        "until": proposal.until,
        "mine": officer.name == proposal.by or officer.party == proposal.party,
        "gone": not here.rooms.operators.still(proposal.by, Role.MANDATE_OFFICER, here.now),
        "late": late,
    }


ROUTES = (
    ("GET", OFFICE, in_office(show_find)),
    ("POST", OFFICE, in_office(find)),
    ("GET", ONE, in_office(show)),
    ("POST", ONE, in_office(decide)),
    ("POST", ONE + "/proposal", in_office(answer)),
)
