"""Logging in with an app: the pages of the browser that is on its way to a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import AppClosed, LevelNotProven, OneTimeGone, StepOutOfOrder, TooManyTries
from toegang.means.app.kind import PAGES as BASE
from toegang.means.app.pairing import State
from toegang.means.base import TransactionId
from toegang.web import meeting
from toegang.web.agents import browser_of
from toegang.web.answers import page, redirect, status_of, wait
from toegang.web.checking import at_
from toegang.web.forms import Form
from toegang.web.login import address_of, choose_again, proceed, time_left
from toegang.web.meeting import Table, listening
from toegang.web.visits import APP, read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.login.transaction import Transaction
    from toegang.means.app.pairing import Pairing
    from toegang.means.base import Authentication
    from toegang.web.rooms import Rooms

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where somebody stands: their login, and where its app is met."""

    table: Table
    transaction: Transaction

    @property
    def login(self) -> TransactionId:
        """The login that this is for."""
        return self.transaction.id

    @property
    def address(self) -> str:
        """The page of its app."""
        return f"{BASE}/{self.login}"


async def show(request: Request, rooms: Rooms) -> Response:
    """Show the page of a login with an app; when there is nothing to show, the login decides."""
    at = await _arrive(request, rooms, NOTHING)
    pairing = await _under_way(at)
    if pairing is None:
        return redirect(rooms, address_of(at.login), at.table.visit)
    return await _page(at, pairing, at.table.form_of(pairing))


async def act(request: Request, rooms: Rooms) -> Response:
    """Do what the person asked: meet the app, go on, take more time, choose again, or stop."""
    at = await _arrive(request, rooms, await read_form(request, rooms.cookies))
    wish = at.table.form.get("do", "")
    if wish in _WISHES:
        return await _WISHES[wish](at)
    try:
        await at.table.act(wish)
    except (OneTimeGone, StepOutOfOrder):
        # Another tab or the app was first: what is stored decides the page.
        return redirect(rooms, at.address, at.table.visit)
    except TooManyTries as refusal:
        form = Form(csrf=at.table.visit.csrf, errors={"app_code": ("too-many-tries",)})
        return await _too_often(at, form, refusal)
    return redirect(rooms, at.address, at.table.visit)


async def state(request: Request, rooms: Rooms) -> Response:
    """Tell the page's script how it stands."""
    return await meeting.told(_table(request, rooms, NOTHING))


async def come_back(request: Request, rooms: Rooms) -> Response:
    """Take the browser back from the app on the same device: the one that began the login, once."""
    table = _table(request, rooms, NOTHING)
    ticket, logging_in = request.path_params["ticket"], rooms.apps.logging_in
    try:
        proven = await logging_in.come_back(table.id, table.visit.visitor, ticket, table.now)
    except LevelNotProven:
        return _offer_check(await _arrive(request, rooms, NOTHING))
    return await _proven(table, proven)


async def _go_on(at: _At) -> Response:
    """Go on when the app has confirmed; until then the page says what to do."""
    table = at.table
    try:
        proven = await table.rooms.apps.logging_in.prove(table.id, table.visit.visitor, table.now)
    except (OneTimeGone, StepOutOfOrder):
        return redirect(table.rooms, at.address, table.visit)
    except LevelNotProven:
        return _offer_check(at)
    response = await _proven(table, proven)
    secret = await table.rooms.apps.calling.remember(table.id, table.visit.visitor, table.now)
    if secret:
        table.rooms.cookies.write(response, APP, secret)
    return response


async def _call(at: _At) -> Response:
    """Call the app that this browser knows; a browser that knows none any more forgets its secret."""
    table, cookies = at.table, at.table.rooms.cookies
    secret = cookies.read(table.request, APP) or ""
    browser, calling = browser_of(table.request.headers.get("user-agent", "")), table.rooms.apps.calling
    try:
        await calling.call(table.id, table.visit.visitor, secret, browser, table.now)
    except (OneTimeGone, AppClosed):
        return _forgotten(at)
    except StepOutOfOrder:
        return redirect(table.rooms, at.address, table.visit)
    except TooManyTries as refusal:
        form = Form(csrf=table.visit.csrf, errors={"": ("app-called",)})
        return await _too_often(at, form, refusal)
    return redirect(table.rooms, at.address, table.visit)


async def _forget(at: _At) -> Response:
    """Let this browser know no app any more."""
    secret = at.table.rooms.cookies.read(at.table.request, APP) or ""
    await at.table.rooms.apps.calling.forget(secret)
    return _forgotten(at)


def _forgotten(at: _At) -> Response:
    response = redirect(at.table.rooms, at.address, at.table.visit)
    at.table.rooms.cookies.write(response, APP, "")
    return response


async def _too_often(at: _At, form: Form, refusal: TooManyTries) -> Response:
    response = await _page(at, await at.table.find(), form, status_of(refusal))
    wait(response, refusal)
    return response


def _offer_check(at: _At) -> Response:
    """Say that the login asks more than the app is worth, and that a document makes it worth that."""
    form = Form(csrf=at.table.visit.csrf, errors={})
    return page(
        at.table.rooms,
        at.table.visit,
        "pairing/check",
        {"adding": False, "address": at.address, **_on_the_way(at)},
        form=form,
        targets=(at.transaction.request.reply_to.destination,),
    )


async def _check(at: _At) -> Response:
    """Begin a check of a document, after which this login goes on."""
    table = at.table
    await table.rooms.logins.extend(at.login, table.visit.browser, table.now)
    id_ = await table.rooms.checks.begin_in_login(at.login, at_(table.request, table.visit, table.now))
    return redirect(table.rooms, f"{at.address}/check/{id_}", table.visit)


async def _proven(table: Table, proven: Authentication) -> Response:
    rooms, visit = table.rooms, table.visit
    at = await rooms.logins.accept(TransactionId(table.id), proven, visit.browser, table.now)
    return await proceed(rooms, visit, at, table.now)


async def _choose_again(at: _At) -> Response:
    """Leave the app: choose another means, and forget what this browser remembered."""
    table = at.table
    await table.rooms.apps.meeting.end(table.id, table.visit.visitor, table.now)
    return await choose_again(table.rooms, table.visit, at.login, table.now)


async def _stop(at: _At) -> Response:
    """Stop logging in; the app can do nothing with it any more."""
    table = at.table
    await table.rooms.apps.meeting.end(table.id, table.visit.visitor, table.now)
    end = await table.rooms.logins.stop(at.login, table.visit.browser, table.now)
    return await proceed(table.rooms, table.visit, end, table.now)


async def _extend(at: _At) -> Response:
    """WCAG22-2.2.1: give more time."""
    await at.table.rooms.logins.extend(at.login, at.table.visit.browser, at.table.now)
    return redirect(at.table.rooms, at.address, at.table.visit)


_WISHES: Mapping[str, Callable[[_At], Awaitable[Response]]] = {
    "on": _go_on,
    "call": _call,
    "forget": _forget,
    "means": _choose_again,
    "stop": _stop,
    "extend": _extend,
    "check": _check,
}


def _table(request: Request, rooms: Rooms, form: Mapping[str, str]) -> Table:
    return Table(
        rooms=rooms,
        visit=read_visit(request, rooms.cookies, rooms.ids),
        request=request,
        now=rooms.clock.now(),
        id=request.path_params["login"],
        form=form,
    )


async def _arrive(request: Request, rooms: Rooms, form: Mapping[str, str]) -> _At:
    table = _table(request, rooms, form)
    transaction = await rooms.logins.find(TransactionId(table.id), table.visit.browser, table.now)
    return _At(table=table, transaction=transaction)


async def _under_way(at: _At) -> Pairing | None:
    """Return the pairing of this login, if the app is still the means and it is not done."""
    found = await at.table.rooms.apps.meeting.find(at.login, at.table.visit.visitor, at.table.now)
    if found is None or found.state is State.DONE or at.transaction.chosen != found.means:
        return None
    return found


async def _page(at: _At, pairing: Pairing, form: Form, status: int = 200) -> Response:
    table = at.table
    secret = table.rooms.cookies.read(table.request, APP) or ""
    values = {
        "adding": False,
        "state": f"{at.address}/state",
        "known": await table.rooms.apps.calling.knows(secret, table.now),
        **_on_the_way(at),
    }
    return listening(
        page(
            at.table.rooms,
            at.table.visit,
            meeting.PAGES[pairing.state],
            at.table.values(pairing) | values,
            status=status,
            form=form,
            targets=(at.transaction.request.reply_to.destination,),
        )
    )


def _on_the_way(at: _At) -> dict[str, object]:
    """Return what every page on the way to a service shows."""
    service = at.transaction.request.service
    return {
        "service": service.name,
        "provider": service.provider,
        "level": at.transaction.required,
        "time_left": time_left(at.transaction, at.table.now),
    }


ROUTES = (
    ("GET", BASE + "/{login}", show),
    ("POST", BASE + "/{login}", act),
    ("GET", BASE + "/{login}/state", state),
    ("GET", BASE + "/{login}/return/{ticket}", come_back),
)
