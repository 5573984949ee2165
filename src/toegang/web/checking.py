"""Checking an identity document: in My account, or on the way to a service that asks more than an app has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import LevelNotProven, NotEntitled
from toegang.means.app.kind import PAGES
from toegang.means.app.values import AppId
from toegang.means.base import TransactionId
from toegang.means.document.checks import At
from toegang.web import reading
from toegang.web.agents import browser_of
from toegang.web.answers import page, redirect
from toegang.web.forms import Form
from toegang.web.login import address_of, time_left
from toegang.web.meeting import listening
from toegang.web.own_apps import APPS
from toegang.web.reading import Spot, page_of
from toegang.web.staying import inside, with_app
from toegang.web.visits import read_form, read_visit

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms
    from toegang.web.staying import Here
    from toegang.web.visits import Visit

CHECK = APPS + "/check"
LOWER = APPS + "/lower"
IN_LOGIN = PAGES + "/{login}/check"


def at_(request: Request, visit: Visit, now: datetime) -> At:
    """Return where a check is begun."""
    browser = browser_of(request.headers.get("user-agent", ""))
    return At(visitor=visit.visitor, browser=browser, language=visit.language.value, now=now)


async def explain(here: Here) -> Response:
    """Say what a check asks, and of which app it will be."""
    app = here.rooms.checks.app_of(here.stay.proven)
    names = {one.id: one.name for one in await here.rooms.apps.own.apps(here.signed_in)}
    return here.page("account/check", device=names.get(app, "") if app else "")


async def begin(here: Here) -> Response:
    """Begin a check with the app that this login was done with."""
    where = at_(here.request, here.visit, here.now)
    try:
        id_ = await here.rooms.checks.begin(here.signed_in, here.stay.proven, where)
    except LevelNotProven:
        return redirect(here.rooms, CHECK, here.visit)
    return redirect(here.rooms, f"{CHECK}/{id_}", here.visit)


async def show(here: Here) -> Response:
    """Show where a check is."""
    spot = _spot(here.request, here.rooms)
    session = await here.rooms.readers.find(spot.id, here.visit.visitor, here.now)
    if session is None:
        return redirect(here.rooms, APPS, here.visit)
    values = spot.values(session) | {
        "on_the_way": False,
        "device": await here.rooms.checks.device_of(session),
        "state": f"{CHECK}/{spot.id}/state",
        "signed_in": True,
    }
    form = Form(csrf=here.visit.csrf, errors={})
    name = page_of(spot.stage(session))
    return listening(page(here.rooms, here.visit, name, values, form=form))


async def act(here: Here) -> Response:
    """Stop a check, begin another, or look again."""
    spot, wish = _spot(here.request, here.rooms), here.form.get("do", "")
    if wish == "stop":
        await spot.end()
        return redirect(here.rooms, APPS, here.visit)
    address = CHECK if wish == "again" else f"{CHECK}/{spot.id}"
    return redirect(here.rooms, address, here.visit)


async def state(here: Here) -> Response:
    """Tell the page's script how it stands."""
    return await reading.told(_spot(here.request, here.rooms))


async def lower(here: Here) -> Response:
    """Undo a check; a second time nothing happens."""
    try:
        app = AppId(UUID(here.form.get("app", "")))
    except ValueError:
        raise NotEntitled from None
    await here.rooms.checks.lower(here.signed_in, app, here.now)
    return redirect(here.rooms, APPS, here.visit)


async def show_in_login(request: Request, rooms: Rooms) -> Response:
    """Show where a check is, on the way to a service."""
    spot = _spot(request, rooms)
    login = TransactionId(request.path_params["login"])
    transaction = await rooms.logins.find(login, spot.visit.browser, spot.now)
    session = await rooms.readers.find(spot.id, spot.visit.visitor, spot.now)
    if session is None:
        return redirect(rooms, address_of(login), spot.visit)
    service = transaction.request.service
    values = spot.values(session) | {
        "on_the_way": True,
        "device": await rooms.checks.device_of(session),
        "service": service.name,
        "provider": service.provider,
        "level": transaction.required,
        "state": f"{_address(request, spot)}/state",
        "app_page": f"{PAGES}/{login}",
        "time_left": time_left(transaction, spot.now),
    }
    name, form = page_of(spot.stage(session)), Form(csrf=spot.visit.csrf, errors={})
    return listening(page(rooms, spot.visit, name, values, form=form))


async def act_in_login(request: Request, rooms: Rooms) -> Response:
    """Go on to the app's page, which knows what the app is worth now; or stop, or look again."""
    form = await read_form(request, rooms.cookies)
    spot, wish = _spot(request, rooms), form.get("do", "")
    if wish == "extend":
        await rooms.logins.extend(TransactionId(request.path_params["login"]), spot.visit.browser, spot.now)
    if wish in {"stop", "again"}:
        await spot.end()
    here = _address(request, spot)
    return redirect(
        rooms, here if wish in {"", "look", "extend"} else here.partition("/check")[0], spot.visit
    )


async def state_in_login(request: Request, rooms: Rooms) -> Response:
    """Tell the page's script how it stands."""
    return await reading.told(_spot(request, rooms))


async def reader(request: Request, rooms: Rooms) -> Response:
    """Tell who has no reader where to get one; who has one never comes here."""
    return page(
        rooms, read_visit(request, rooms.cookies, rooms.ids), "reading/reader", {"get": rooms.checks.reader}
    )


def _address(request: Request, spot: Spot) -> str:
    login: str = request.path_params["login"]
    return f"{PAGES}/{login}/check/{spot.id}"


def _spot(request: Request, rooms: Rooms) -> Spot:
    return Spot(
        rooms=rooms,
        visit=read_visit(request, rooms.cookies, rooms.ids),
        request=request,
        now=rooms.clock.now(),
        id=request.path_params["check"],
    )


ROUTES = (
    ("GET", CHECK, with_app(explain)),
    ("POST", CHECK, with_app(begin)),
    ("POST", LOWER, inside(lower)),
    ("GET", CHECK + "/{check}", inside(show)),
    ("POST", CHECK + "/{check}", inside(act)),
    ("GET", CHECK + "/{check}/state", inside(state)),
    ("GET", IN_LOGIN + "/{check}", show_in_login),
    ("POST", IN_LOGIN + "/{check}", act_in_login),
    ("GET", IN_LOGIN + "/{check}/state", state_in_login),
    ("GET", reading.ENTRANCE, reader),
)
