"""The pages of a login: one address per login, whose page is decided by its stored record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from toegang import log
from toegang.assurance import Step as CitizenStep
from toegang.catalogue.routing import Offer as Accepted
from toegang.catalogue.values import MeansId
from toegang.errors import (
    AccountHeld,
    FormExpired,
    LoginElsewhere,
    LoginEnded,
    LoginExpired,
    LoginUnknown,
    Malformed,
    StepOutOfOrder,
    ToegangError,
    TooLarge,
    ValueRefused,
)
from toegang.login.ending import End
from toegang.login.flow import LONGEST
from toegang.login.routing import CLOSED, NOT_ASKED, SOMEBODY_ELSE
from toegang.login.steps import (
    ChooseMeans,
    ChooseRepresented,
    Confirm,
    GoToMeans,
    Invite,
    OfferLink,
    Refuse,
    Step,
    next_step,
)
from toegang.login.transaction import OWN_FLOOR
from toegang.means.base import TransactionId
from toegang.web import choosing, inviting
from toegang.web.answers import page, redirect, reply, status_of, wait
from toegang.web.forms import Form, TimeLeft
from toegang.web.meeting import listening
from toegang.web.visits import MEANS, SESSION, read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.catalogue.values import Text
    from toegang.login.invitations import Reaction
    from toegang.login.transaction import Offer, Transaction
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

# Refusals that are about the message or the browser, not about a step of the login.
NO_STEP = (FormExpired, LoginElsewhere, LoginEnded, LoginUnknown, Malformed, TooLarge)

# Why a means is not offered, in the words that the page has.
WHY = {
    CLOSED: "closed",
    Accepted.CEILING_TOO_LOW.value: "level",
    Accepted.GIVES_NO_BSN.value: "bsn",
    Accepted.GIVES_NO_ORGANISATION.value: "organisation",
    Accepted.EXCLUDED.value: "excluded",
    SOMEBODY_ELSE: "person",
    NOT_ASKED: "not-asked",
    OWN_FLOOR: "own-floor",
}


def address_of(login: TransactionId) -> str:
    """Return the address of a login's pages."""
    return f"/login/{login}"


async def show(request: Request, rooms: Rooms) -> Response:
    """Show where a login is: the same address at every step, in every tab, after every reload."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    login = TransactionId(request.path_params["login"])
    try:
        transaction = await rooms.logins.find(login, visit.browser, now)
    except LoginEnded:
        decision = await rooms.logins.decisions.find_by_login(login)
        name = decision.service_name if decision else None
        return page(rooms, visit, "login/ended", {"service": name, "go_back": ""}, status=410)
    except LoginUnknown:
        reference = rooms.ids.reference()
        log.event("login:unknown", reference=reference)
        nothing = {"service": None, "go_back": "", "reference": reference}
        return page(rooms, visit, "login/expired", nothing, status=404)
    return await proceed(rooms, visit, transaction, now)


async def act(request: Request, rooms: Rooms) -> Response:
    """Do what the person chose on the page of a login."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    login = TransactionId(request.path_params["login"])
    form = await read_form(request, rooms.cookies)
    wish = form.get("do", "")
    if wish in {"stop", "back"}:
        return await proceed(rooms, visit, await rooms.logins.stop(login, visit.browser, now), now)
    if wish == "confirm":
        seen = choosing.seen(rooms, login, form)
        return await proceed(rooms, visit, await rooms.logins.confirm(login, visit.browser, now, seen), now)
    if choosing.looks(form):
        return await _look(rooms, visit, login, form)
    if wish in choosing.WISHES or "whom" in form:
        return await _for_whom(rooms, visit, login, form)
    if wish in inviting.REACTIONS:
        return await _react(rooms, visit, login, inviting.REACTIONS[wish])
    if wish in {"link", "no-link"}:
        agreed = wish == "link"
        at = await rooms.logins.link(login, visit.browser, now, agreed=agreed)
        return await proceed(rooms, visit, at, now)
    if wish == "extend":
        await rooms.logins.extend(login, visit.browser, now)
        return redirect(rooms, address_of(login), visit)
    return await _choose(rooms, visit, login, form)


async def _for_whom(rooms: Rooms, visit: Visit, login: TransactionId, form: dict[str, str]) -> Response:
    """Follow the choice for whom the person logs in; what is wrong with a number stands beside it."""
    now = rooms.clock.now()
    try:
        at = await choosing.act(rooms, visit, login, form, now)
    except ValueRefused as wrong:
        transaction = await rooms.logins.find(login, visit.browser, now)
        return await _step_page(rooms, visit, transaction, now, wrong)
    response = await proceed(rooms, visit, at, now)
    if form.get("do") == choosing.ANOTHER_MEANS:
        rooms.cookies.write(response, MEANS, "")
    return response


async def _look(rooms: Rooms, visit: Visit, login: TransactionId, form: dict[str, str]) -> Response:
    """Show whom the person may act for by the beginning of a name; nothing is chosen by it."""
    now = rooms.clock.now()
    transaction = await rooms.logins.find(login, visit.browser, now)
    wrong = await choosing.looked_wrong(rooms, transaction, form, now)
    return await _step_page(rooms, visit, transaction, now, wrong, form)


async def _react(rooms: Rooms, visit: Visit, login: TransactionId, reaction: Reaction) -> Response:
    """Follow what the person made of an invitation: on to the service, or to the step meanwhile."""
    now = rooms.clock.now()
    at = await inviting.react(rooms, visit, login, reaction, now)
    if not isinstance(at, CitizenStep):
        return await proceed(rooms, visit, at, now)
    response = redirect(rooms, inviting.place_of(at), visit)
    inviting.wait(rooms, response, login)
    return response


async def _choose(rooms: Rooms, visit: Visit, login: TransactionId, form: dict[str, str]) -> Response:
    """Follow a choice of means, and remember it when asked; `again` goes back to the choice."""
    now = rooms.clock.now()
    chosen = None if form.get("do") == "again" else MeansId(form.get("means", ""))
    if chosen is not None and not chosen:
        transaction = await rooms.logins.find(login, visit.browser, now)
        return await _step_page(rooms, visit, transaction, now, ValueRefused("means", "choose-one"))
    transaction = await rooms.logins.choose(login, chosen, visit.browser, now)
    response = await proceed(rooms, visit, transaction, now)
    if chosen is None:
        rooms.cookies.write(response, MEANS, "")
    else:
        rooms.cookies.write(response, MEANS, chosen if "remember" in form else "")
    return response


async def choose_again(rooms: Rooms, visit: Visit, login: TransactionId, now: datetime) -> Response:
    """Go back to the choice of a means, and forget what this browser remembered."""
    response = await proceed(rooms, visit, await rooms.logins.choose(login, None, visit.browser, now), now)
    rooms.cookies.write(response, MEANS, "")
    return response


async def proceed(rooms: Rooms, visit: Visit, at: Transaction | End, now: datetime) -> Response:
    """Bring the browser to what comes next: the answer, the means, or a page of the login."""
    if not isinstance(at, End):
        at = await inviting.still_open(rooms, visit, at, now)
    if isinstance(at, End):
        response = reply(rooms, visit, at.reply, at.service)
        if at.session:
            rooms.cookies.write(response, SESSION, at.session)
        if visit.waiting == at.login:
            inviting.wait(rooms, response, None)
        return response
    step = next_step(at, now)
    if isinstance(step, GoToMeans):
        return redirect(rooms, (await rooms.logins.go_to_means(at, now)).location, visit)
    if visit.place.partition("?")[0] != address_of(at.id):
        return redirect(rooms, address_of(at.id), visit)
    return await _step_page(rooms, visit, at, now)


async def _step_page(  # noqa: PLR0913, PLR0917 what is wrong and what was typed, where there is something
    rooms: Rooms,
    visit: Visit,
    at: Transaction,
    now: datetime,
    wrong: ValueRefused | None = None,
    looked: dict[str, str] | None = None,
) -> Response:
    step = next_step(at, now)
    typed = {choosing.NAME: looked.get(choosing.NAME, "")} if looked else {}
    form = Form(csrf=visit.csrf, values=typed, errors={wrong.field: (wrong.reason,)} if wrong else {})
    if isinstance(step, ChooseMeans):
        offers = await rooms.logins.choices(at)
        name, values = "login/choose_means", _choice(rooms, visit, at, offers)
        targets = (at.request.reply_to.destination, *rooms.logins.pages(offers))
    elif isinstance(step, ChooseRepresented):
        name, values = choosing.PAGE, await choosing.shown(rooms, visit, at, now, None if wrong else looked)
        targets = (at.request.reply_to.destination,)
    else:
        name, values = _page_of(at, step)
        values |= await choosing.for_whom(rooms, at) if isinstance(step, Confirm) else {}
        targets = (at.request.reply_to.destination,)
    service = at.request.service
    values |= {"service": service.name, "provider": service.provider, "reference": at.reference}
    values |= {"at": now, "time_left": None if isinstance(step, Refuse) else time_left(at, now)}
    response = page(rooms, visit, name, values, form=form, targets=targets)
    return listening(response) if name == choosing.PAGE else response


def _choice(rooms: Rooms, visit: Visit, at: Transaction, offers: tuple[Offer, ...]) -> dict[str, object]:
    """Return what the choice of a means shows."""
    return {
        "level": at.required,
        "own_floor": at.floor > at.request.required,
        "climbs": at.acting is not None and at.acting.climbs,
        "offered": [_offered(rooms, visit, offer) for offer in offers if offer.offered],
        "not_offered": not_offered(offers),
        "proven": at.level,
        "to_link": _name(at, at.unlinked.means) if at.unlinked else None,
    }


def _page_of(at: Transaction, step: Step) -> tuple[str, dict[str, object]]:
    """Return the page of a step, and what it shows besides the service."""
    if isinstance(step, OfferLink):
        return "login/offer_link", {"means": _name(at, step.means), "own": _used(at), "level": at.level}
    if isinstance(step, Confirm):
        return "login/confirm", {"level": at.level, "means": _used(at), "shared": _shared(at)}
    if isinstance(step, Invite):
        return inviting.shown(step)
    if not isinstance(step, Refuse):
        message = "this step has no page"
        raise StepOutOfOrder(message)
    if step.code == LoginExpired.code:
        return "login/too_late", {}
    reason: dict[str, object] = {"level": at.required, "not_offered": not_offered(at.offers)}
    reason |= {"code": step.code, "held": None, "last_day": None, "may_try_again": False, "action": ""}
    return ("login/refused" if at.proofs else "login/no_means"), reason


async def refused(request: Request, rooms: Rooms, error: ToegangError) -> Response | None:
    """Say why a step of a login was refused, with the ways on; None when it is no step of this browser's.

    Without this a person would be left on a page that leads nowhere, and the service without an answer.
    """
    login = TransactionId(request.path_params.get("login", ""))
    if not login:
        return None
    return await tell(rooms, read_visit(request, rooms.cookies, rooms.ids), login, error)


async def tell(rooms: Rooms, visit: Visit, login: TransactionId, error: ToegangError) -> Response | None:
    """Say why a step of this login was refused; None when it is no step of this browser's."""
    now = rooms.clock.now()
    if isinstance(error, NO_STEP):
        return None
    try:
        at = await rooms.logins.find(login, visit.browser, now)
    except ToegangError:
        return None
    await rooms.logins.note(at, error, now)
    log.event("login:step-refused", reference=at.reference, code=error.code, detail=error.detail)
    service = at.request.service
    values = {
        "action": address_of(login),
        "service": service.name,
        "provider": service.provider,
        "reference": at.reference,
        "code": error.code,
        "held": (held := error if isinstance(error, AccountHeld) else None),
        "last_day": held.until - timedelta(seconds=1) if held and held.until else None,
        "at": now,
        # What holds the person themselves holds them by every other means too.
        "may_try_again": not at.proven_enough and now < at.until and not (held and held.until is None),
    }
    targets = (at.request.reply_to.destination,)
    response = page(rooms, visit, "login/refused", values, status=status_of(error), targets=targets)
    wait(response, error)
    return response


def time_left(at: Transaction, now: datetime) -> TimeLeft:
    """Tell until when the login can be finished (WCAG22-2.2.1)."""
    seconds = max(0, int((at.until - now).total_seconds()))
    return TimeLeft(until=at.until, seconds=seconds, more=at.until < at.started_at + LONGEST)


def _offered(rooms: Rooms, visit: Visit, offer: Offer) -> dict[str, object]:
    snapshot = rooms.catalogue.current
    admission = snapshot.means(offer.means)
    organisation = snapshot.organisation(admission.organisation) if admission else None
    return {
        "id": offer.means,
        "name": offer.name,
        "provider": organisation.names if organisation else offer.name,
        "level": offer.level,
        "remembered": visit.browser.remembered == offer.means,
        "link_needed": offer.link_needed,
    }


def not_offered(offers: Iterable[Offer]) -> list[dict[str, object]]:
    """Return the means that could not be chosen, and why."""
    return [{"name": offer.name, "why": WHY[offer.reason]} for offer in offers if not offer.offered]


def _used(at: Transaction) -> Text:
    best = at.best
    return _name(at, best.authentication.means if best else None)


def _name(at: Transaction, means: MeansId | None) -> Text:
    return next((offer.name for offer in at.offers if offer.means == means), at.request.service.name)


def _shared(at: Transaction) -> list[dict[str, object]]:
    service = at.request.service
    identity: dict[str, object] = {"attribute": service.identity.value, "purpose": None}
    granted: list[dict[str, object]] = [
        {"attribute": each.attribute.value, "purpose": each.purpose} for each in service.attributes
    ]
    return [identity, *granted]
