"""Being in My account: entering by an ordinary login, leaving, and who is inside on every page.

There is no second way in. A page that is asked without a stay begins a login and is come back to; a page
that changes something asks a login anew, at the level that the account can prove (ASVS-7.5.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.values import Role
from toegang.errors import (
    AccountClosed,
    FormExpired,
    LoginUnknown,
    NotEntitled,
    TooLarge,
    UploadRefused,
)
from toegang.means.base import Factor
from toegang.means.citizen.kind import account_id
from toegang.means.citizen.own_account import SignedIn
from toegang.means.kinds import APP
from toegang.provider.logout.leave import Wish
from toegang.provider.own import ENTRANCE, REFUSED
from toegang.web import goals
from toegang.web.answers import page, redirect
from toegang.web.login import proceed
from toegang.web.logout import begun_at, browser_of
from toegang.web.multipart import NO_FILES, parse_multipart
from toegang.web.sheets import NOTHING, Desk
from toegang.web.visits import (
    ACCOUNT,
    SESSION,
    check_proof,
    check_site,
    path_of,
    read_body,
    read_form,
    read_visit,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.catalogue.representation import Power
    from toegang.login.request import LoginRequest
    from toegang.mandates.offering import Offering
    from toegang.mandates.party import PartyId
    from toegang.provider.own import Stay
    from toegang.web.multipart import File
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

    Page = Callable[["Here"], Awaitable[Response]]
    Handler = Callable[[Request, Rooms], Awaitable[Response]]
    Pages = tuple[tuple[str, str, Callable[[Page], Handler], Page], ...]

HOME, COCKPIT, BRINGING, DESK = goals.HOME, goals.COCKPIT, goals.BRINGING, goals.DESK
FORBIDDEN = 403
GOAL = "goal"
"""The cookie that remembers which page was asked, during the login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Who is in My account, with one request.

    With `behalf` they are there in somebody else's name, until `lasts` (None: no end known), by order of a
    court over the matters of `over` only, and give no more than `offering`; `around` is what every page then
    shows of that.
    """

    request: Request
    rooms: Rooms
    visit: Visit
    now: datetime
    stay: Stay
    form: Mapping[str, str]
    files: Mapping[str, File] = field(default_factory=lambda: NO_FILES)
    behalf: PartyId | None = None
    over: frozenset[Power] | None = None
    lasts: datetime | None = None
    offering: Offering | None = None
    around: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    @property
    def signed_in(self) -> SignedIn:
        """What the login proved about an account of ours.

        Raises:
            AccountClosed: it was not an account of ours that logged in.

        """
        stay = self.stay
        return SignedIn(account=account_id(stay.proven), level=stay.level, at=stay.proven.at)

    def desk(self, **values: object) -> Desk:
        """Return where a sheet of this page is filled in."""
        around = {**self.around, **values}
        return Desk(rooms=self.rooms, visit=self.visit, values=around, form=self.form)

    def page(self, name: str, **values: object) -> Response:
        """Show a page of My account."""
        return page(self.rooms, self.visit, name, {**self.around, **values, "signed_in": True})

    def page_once(self, name: str, **values: object) -> Response:
        """Show a page that nobody can ask for again: it has no other language to go to."""
        return replace(self, visit=replace(self.visit, place="")).page(name, **values)

    async def leave(self, response: Response) -> Response:
        """End the stay; `response` is the last page of it, and takes its cookies away."""
        await self.rooms.stays.leave(self.rooms.cookies.read(self.request, ACCOUNT), self.now)
        self.rooms.cookies.write(response, ACCOUNT, "")
        self.rooms.cookies.write(response, SESSION, "")
        return response


def inside(show: Page) -> Handler:
    """Make a handler of a page for whoever is in My account; who is not, logs in first."""

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        here = await _find(request, rooms)
        return await _log_in(request, rooms) if here is None else await show(here)

    return handler


def changing(show: Page) -> Handler:
    """Make a handler of a page that changes something: it asks a login of just now."""

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        here = await _find(request, rooms)
        if here is None:
            return await _log_in(request, rooms, highest=True)
        anew = await rooms.citizen.own.login_needed(here.signed_in, here.now)
        return await show(here) if anew is None else await _log_in(request, rooms, anew)

    return handler


def with_app(show: Page) -> Handler:
    """Make a handler of a page that is about the app that its login was done with, just now."""

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        here = await _find(request, rooms)
        proven = here.stay.proven if here else None
        if here is not None and proven is not None and Factor.APP in proven.factors:
            anew = await rooms.citizen.own.login_needed(here.signed_in, here.now)
            if anew is None:
                return await show(here)
        visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
        asked = rooms.own.ask_kind(APP, visit.language.value, visit.bound(), now)
        return await _begin(request, rooms, visit, asked)

    return handler


def operating(show: Page) -> Handler:
    """Make a handler of a page for operators of the hub, who log in with two factors."""
    return _working(show, Role.OPERATOR)


def in_office(show: Page) -> Handler:
    """Make a handler of a page for officers who decide about mandates, as `operating` does."""
    return _working(show, Role.MANDATE_OFFICER)


def at_help_desk(show: Page) -> Handler:
    """Make a handler of a page for the help desk, as `operating` does."""
    return _working(show, Role.HELP_DESK)


def _working(show: Page, role: Role) -> Handler:
    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        here = await _find(request, rooms)
        if here is None or here.stay.level < Level.LOW:
            return await _log_in(request, rooms, Level.LOW)
        return _turned_away(here, role) or await show(here)

    return handler


def uploading(show: Page, limit: int) -> Handler:
    """Make a handler of a form with files (`limit` octets in all) for operators of the hub.

    Nothing of it is read unless an operator is inside: a login in between could not bring the files along.
    """

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        check_site(request, rooms.cookies)
        here = await _inside(request, rooms, NOTHING)
        if here is None or not rooms.own.opened_by(here.stay.proven) or here.stay.level < Level.LOW:
            message = "nobody is inside who could upload"
            raise FormExpired(message)
        if (away := _turned_away(here)) is not None:
            return away
        try:
            sent = await _with_files(here, limit)
        except TooLarge as error:
            raise UploadRefused(error.detail, why=error.code) from error
        return await show(sent)

    return handler


def changing_by_file(show: Page, limit: int, too_large: Page) -> Handler:
    """Make a handler of a form with a file (`limit` octets in all), as `changing` does; or of one too large.

    Nothing of it is read unless its sender logged in just now: who did so earlier logs in again, and chooses
    the file again. Of who is not inside nothing shows that the form was ours: they begin at its page.
    """

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        check_site(request, rooms.cookies)
        here = await _inside(request, rooms, NOTHING)
        if here is None or not rooms.own.opened_by(here.stay.proven):
            message = "nobody is inside who could send a file"
            raise FormExpired(message)
        anew = await rooms.citizen.own.login_needed(here.signed_in, here.now)
        if anew is not None:
            return await _log_in(request, rooms, anew)
        try:
            sent = await _with_files(here, limit)
        except TooLarge:
            return await too_large(here)
        return await show(sent)

    return handler


def clerking(show: Page) -> Handler:
    """Make a handler of a page for who works at a desk, at the level that desks ask."""

    @wraps(show)
    async def handler(request: Request, rooms: Rooms) -> Response:
        here, level = await _find(request, rooms, clerk=True), rooms.apps.at_desk.rule.level
        if here is None or here.stay.level < level:
            visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
            asked = rooms.own.ask_clerk(level, visit.language.value, visit.bound(), now)
            return await _begin(request, rooms, visit, asked)
        try:
            rooms.operators.clerk(here.stay, here.now)
        except NotEntitled:
            told = {"own_name": rooms.operators.name_of(here.stay, here.now), "signed_in": True}
            return page(rooms, here.visit, "desk/not_clerk", told, status=FORBIDDEN)
        return await show(here)

    return handler


def made(pages: Pages) -> tuple[tuple[str, str, Handler], ...]:
    """Return pages as routes: each behind what opens it."""
    return tuple((method, path, opens(show)) for method, path, opens, show in pages)


def _turned_away(here: Here, role: Role = Role.OPERATOR) -> Response | None:
    """Tell whoever does not hold a role so; None for who does."""
    try:
        here.rooms.operators.check(here.stay, here.now, role)
    except NotEntitled:
        name = here.rooms.operators.name_of(here.stay, here.now)
        told = {"own_name": name, "role": role.value, "signed_in": True}
        return page(here.rooms, here.visit, "cockpit/not_operator", told, status=FORBIDDEN)
    return None


async def enter(request: Request, rooms: Rooms) -> Response:
    """Come in with the ticket of a login, once, and go to the page that was asked."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    secret = await rooms.stays.enter(request.path_params["ticket"], visit.browser.secret, now)
    goal = rooms.cookies.read(request, GOAL) or ""
    response = redirect(rooms, goals.page_of(goal), visit)
    rooms.cookies.write(response, ACCOUNT, secret)
    rooms.cookies.write(response, GOAL, "")
    return response


async def refused(request: Request, rooms: Rooms) -> Response:
    """Say that the login into My account came to nothing."""
    return page(rooms, read_visit(request, rooms.cookies, rooms.ids), "account/not_entered", {})


async def log_out(request: Request, rooms: Rooms) -> Response:
    """Leave My account and end the session that it was entered by; never refused."""
    await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    session = await rooms.logins.sessions.find(visit.browser, now)
    wish = Wish(sessions=frozenset({session.id} if session else ()), browser=browser_of(visit))
    begun = await rooms.logouts.begin(wish, now)
    await rooms.stays.leave(rooms.cookies.read(request, ACCOUNT), now)
    response = await begun_at(rooms, visit, begun)
    rooms.cookies.write(response, ACCOUNT, "")
    rooms.cookies.write(response, SESSION, "")
    return response


async def _find(request: Request, rooms: Rooms, *, clerk: bool = False) -> Here | None:
    """Find who is inside; a form is read first, and only from a page of ours.

    A `clerk` may be inside with a means that belongs to no account, and then only at the desk.
    """
    form = await read_form(request, rooms.cookies) if request.method == "POST" else NOTHING
    here = await _inside(request, rooms, form)
    return here if here is None or clerk or rooms.own.opened_by(here.stay.proven) else None


async def _inside(request: Request, rooms: Rooms, form: Mapping[str, str]) -> Here | None:
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    secret = rooms.cookies.read(request, ACCOUNT)
    try:
        stay = await rooms.stays.find(secret, visit.browser.secret, now)
    except (LoginUnknown, AccountClosed):
        # A stay whose proofs were withdrawn is over; the login says it if the account is closed.
        return None
    return Here(request=request, rooms=rooms, visit=visit, now=now, stay=stay, form=form)


async def _with_files(here: Here, limit: int) -> Here:
    """Read a form with files.

    Raises:
        TooLarge: it has more than `limit` octets, or longer fields than any form.

    """
    media_type = here.request.headers.get("content-type", "")
    sent = parse_multipart(media_type, await read_body(here.request, limit))
    form = check_proof(here.request, here.rooms.cookies, dict(sent.fields))
    return replace(here, form=form, files=sent.files)


async def _log_in(
    request: Request, rooms: Rooms, anew: Level | None = None, *, highest: bool = False
) -> Response:
    """Begin a login into My account, and remember the page."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    asked = rooms.own.ask(visit.language.value, visit.bound(), now, anew, highest=highest)
    return await _begin(request, rooms, visit, asked)


async def _begin(request: Request, rooms: Rooms, visit: Visit, asked: LoginRequest) -> Response:
    """Begin it in the browser that it was asked for: a visit without a cookie has drawn its secret."""
    now = rooms.clock.now()
    response = await proceed(rooms, visit, await rooms.logins.begin(asked, visit.bound(), now), now)
    rooms.cookies.write(response, GOAL, goals.goal_of(path_of(request), form=request.method == "POST"))
    return response


ROUTES = (
    ("GET", ENTRANCE + "{ticket}", enter),
    ("GET", REFUSED, refused),
    ("POST", HOME + "/logout", log_out),
)
