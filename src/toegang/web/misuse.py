"""Reporting misuse: in My account, and from outside for who can no longer get in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import LoginUnknown, Refusal, TooManyTries
from toegang.means.citizen.misuse import Report, Stop
from toegang.web import history
from toegang.web.answers import page
from toegang.web.recover import claimant_in
from toegang.web.sheets import Desk, Fields, Sheet
from toegang.web.staying import HOME, inside
from toegang.web.visits import read_form, read_visit
from toegang.web.wrong import WHOLE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms
    from toegang.web.staying import Here

INSIDE, OUTSIDE = HOME + "/misuse", "/misuse"

REPORT = Sheet(name="account/report_misuse", signed_in=True)
FROM_OUTSIDE = Sheet(
    name="citizen/report_misuse",
    places={TooManyTries: (WHOLE, "too-many-tries")},
    kept=("user_name", "bsn"),
)


async def show(here: Here) -> Response:
    """Say what reporting does, and ask what is to stop."""
    return here.desk(login=await _reported(here), mail=await _mail(here)).show(REPORT)


async def report(here: Here) -> Response:
    """Stop what the person chose, at once; without a choice everything."""
    login = await _reported(here)
    reference = str(login["reference"]) if login else ""
    try:
        stop = Stop(here.form.get("stop", ""))
    except ValueError:
        stop = Stop.ACCOUNT
    reporting, mail = here.rooms.citizen.reporting, await _mail(here) if stop is Stop.ACCOUNT else ""
    code = await reporting.report(here.signed_in.account, Report(login=reference, stop=stop), here.now)
    told = {"reference": reference, "report": code, "stop": stop.value, "mail": mail}
    shown = here.page("account/misuse_reported", **told)
    return await here.leave(shown)


async def _mail(here: Here) -> str:
    """Return what is shown of the address that is told when it is removed; empty for none."""
    desk = here.rooms.citizen.own.desk
    account = await desk.accounts.find(here.signed_in.account)
    mail = desk.mail_of(account) if account else None
    return mail.hint if mail else ""


async def show_outside(request: Request, rooms: Rooms) -> Response:
    """Ask whose account is misused."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return Desk(rooms=rooms, visit=visit, values={}).show(FROM_OUTSIDE)


async def report_outside(request: Request, rooms: Rooms) -> Response:
    """Take the report; the answer is the same whether or not there is such an account."""
    form = await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    desk, fields = Desk(rooms=rooms, visit=visit, values={}, form=form), Fields(form)
    claimant = claimant_in(fields)
    if claimant is None:
        return desk.wrong(FROM_OUTSIDE, fields.errors)
    try:
        code = await rooms.citizen.reporting.report_outside(visit.visitor, claimant, now)
    except Refusal as refusal:
        return desk.refuse(FROM_OUTSIDE, refusal)
    return page(rooms, visit, "citizen/misuse_reported", {"report": code})


async def _reported(here: Here) -> dict[str, object] | None:
    """Return the login that a report is about: one of the person's own, or none in particular."""
    try:
        decision = await history.own_login(here, here.request.query_params.get("reference", ""))
    except LoginUnknown:
        return None
    return history.row(decision)


ROUTES = (
    ("GET", INSIDE, inside(show)),
    ("POST", INSIDE, inside(report)),
    ("GET", OUTSIDE, show_outside),
    ("POST", OUTSIDE, report_outside),
)
