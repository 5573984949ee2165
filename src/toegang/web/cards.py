"""Logging in with a card: the pages of the browser that is on its way to a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone, StepOutOfOrder, UnknownParty
from toegang.means.app.pairing import Whereabouts
from toegang.means.base import TransactionId
from toegang.means.card.kind import PAGES as BASE
from toegang.means.reader.sessions import State
from toegang.web import reading
from toegang.web.agents import browser_of
from toegang.web.answers import page, redirect
from toegang.web.forms import Form
from toegang.web.login import address_of, proceed, time_left
from toegang.web.meeting import listening
from toegang.web.reading import Spot
from toegang.web.visits import MEANS, read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.login.transaction import Transaction
    from toegang.means.card.cards import OwnCards
    from toegang.means.card.logging_in import Errand
    from toegang.means.reader.sessions import ReaderSession
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where somebody stands: their login, and what it asks of a card."""

    rooms: Rooms
    door: OwnCards
    visit: Visit
    request: Request
    now: datetime
    transaction: Transaction
    errand: Errand | None

    @property
    def login(self) -> TransactionId:
        """The login that this is for."""
        return self.transaction.id

    @property
    def address(self) -> str:
        """The page of its card."""
        return f"{BASE}/{self.login}"

    def spot(self) -> Spot:
        """Return where page and reader are together."""
        return Spot(
            rooms=self.rooms,
            visit=self.visit,
            request=self.request,
            now=self.now,
            id=self.errand.reader if self.errand else "",
        )


def door_of(rooms: Rooms) -> OwnCards:
    """Return the door of cards.

    Raises:
        UnknownParty: there are no cards here.

    """
    if rooms.cards is None:
        message = "no cards here"
        raise UnknownParty(message)
    return rooms.cards


def place_of(request: Request, visit: Visit, now: datetime) -> Whereabouts:
    """Return where a page is, for the reader to show."""
    browser = browser_of(request.headers.get("user-agent", ""))
    return Whereabouts(network=visit.visitor.network, browser=browser, at=now)


async def show(request: Request, rooms: Rooms) -> Response:
    """Show the page of a login with a card; when there is nothing to show, the login decides."""
    at = await _arrive(request, rooms)
    if at.errand is None or at.transaction.chosen != at.errand.means:
        return redirect(rooms, address_of(at.login), at.visit)
    session = (
        await rooms.readers.find(at.errand.reader, at.visit.visitor, at.now) if at.errand.reader else None
    )
    return _page(at, session)


async def act(request: Request, rooms: Rooms) -> Response:
    """Do what the person asked: begin, go on, take more time, choose again, or stop."""
    form = await read_form(request, rooms.cookies)
    at = await _arrive(request, rooms)
    wish = _WISHES.get(form.get("do", ""))
    return redirect(rooms, at.address, at.visit) if wish is None else await wish(at)


async def state(request: Request, rooms: Rooms) -> Response:
    """Tell the page's script how it stands."""
    return await reading.told((await _arrive(request, rooms)).spot())


async def _begin(at: _At) -> Response:
    place = place_of(at.request, at.visit, at.now)
    try:
        await at.door.logging_in.begin(at.login, at.visit.visitor, place, at.now)
    except OneTimeGone:
        return redirect(at.rooms, address_of(at.login), at.visit)
    return redirect(at.rooms, at.address, at.visit)


async def _go_on(at: _At) -> Response:
    """Go on when the card was accepted; until then the page says what to do."""
    try:
        proven = await at.door.logging_in.prove(at.login, at.visit.visitor, at.now)
    except (OneTimeGone, StepOutOfOrder):
        return redirect(at.rooms, at.address, at.visit)
    to = await at.rooms.logins.accept(at.login, proven, at.visit.browser, at.now)
    return await proceed(at.rooms, at.visit, to, at.now)


async def _choose_again(at: _At) -> Response:
    """Leave the card: choose another means, and forget what this browser remembered."""
    await at.door.logging_in.end(at.login, at.visit.visitor, at.now)
    transaction = await at.rooms.logins.choose(at.login, None, at.visit.browser, at.now)
    response = await proceed(at.rooms, at.visit, transaction, at.now)
    at.rooms.cookies.write(response, MEANS, "")
    return response


async def _stop(at: _At) -> Response:
    """Stop logging in; a reader can do nothing with it any more."""
    await at.door.logging_in.end(at.login, at.visit.visitor, at.now)
    end = await at.rooms.logins.stop(at.login, at.visit.browser, at.now)
    return await proceed(at.rooms, at.visit, end, at.now)


async def _extend(at: _At) -> Response:
    """WCAG22-2.2.1: give more time."""
    await at.rooms.logins.extend(at.login, at.visit.browser, at.now)
    return redirect(at.rooms, at.address, at.visit)


_WISHES: Mapping[str, Callable[[_At], Awaitable[Response]]] = {
    "start": _begin,
    "on": _go_on,
    "means": _choose_again,
    "stop": _stop,
    "extend": _extend,
}


async def _arrive(request: Request, rooms: Rooms) -> _At:
    visit, now, door = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now(), door_of(rooms)
    login = TransactionId(request.path_params["login"])
    transaction = await rooms.logins.find(login, visit.browser, now)
    return _At(
        rooms=rooms,
        door=door,
        visit=visit,
        request=request,
        now=now,
        transaction=transaction,
        errand=await door.logging_in.find(login, visit.visitor, now),
    )


def _page(at: _At, session: ReaderSession | None) -> Response:
    service = at.transaction.request.service
    stage = at.spot().stage(session) if session else ""
    values = {
        "on_the_way": True,
        "service": service.name,
        "provider": service.provider,
        "level": at.transaction.request.required,
        "state": f"{at.address}/state",
        "time_left": time_left(at.transaction, at.now),
        **(at.spot().values(session) if session else {}),
    }
    targets = (at.transaction.request.reply_to.destination,)
    form = Form(csrf=at.visit.csrf, errors={})
    return listening(page(at.rooms, at.visit, page_of(stage), values, form=form, targets=targets))


def page_of(stage: str) -> str:
    """Return the template of a stage of a reader session with a card; of none: how to begin."""
    return _PAGES.get(stage, "card/refused") if stage else "card/start"


_PAGES: Mapping[str, str] = {
    State.WAITING: "card/code",
    State.TAKEN: "card/busy",
    State.ACCEPTED: "card/accepted",
    State.USED: "card/start",
}

ROUTES = (
    ("GET", BASE + "/{login}", show),
    ("POST", BASE + "/{login}", act),
    ("GET", BASE + "/{login}/state", state),
)
