"""Pages of a logout: the participants one after the other, and what really happened at each.

The state is one record, found by the name in the address and bound to the browser: several tabs, the back
button and a reload show it as it is. Every page has a way on that needs no other website.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone, Refusal
from toegang.login.transaction import browser_hash
from toegang.provider.logout.records import Result
from toegang.web.answers import page, redirect
from toegang.web.visits import LEAVING, read_form, read_visit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.provider.logout.leave import Begun, Seen
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

PAGE = "/logout"
_NAME = re.compile(r"[A-Za-z0-9_-]{20,100}")
_WORDS = {Result.CONFIRMED: "done", Result.IMPOSSIBLE: "unsupported", Result.ASKED: "asked"}


async def resume(request: Request, rooms: Rooms) -> Response:
    """Go back to the logout that this browser is in."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    running = await find_running(request, rooms, visit)
    if not running:
        raise OneTimeGone
    return redirect(rooms, f"{PAGE}/{running}", visit)


async def show(request: Request, rooms: Rooms) -> Response:
    """Show a logout as it is now: the next participant, or the end."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return await _show(rooms, visit, request.path_params["logout"])


async def go_on(request: Request, rooms: Rooms) -> Response:
    """Go on without a participant."""
    form, name = await read_form(request, rooms.cookies), request.path_params["logout"]
    visit = read_visit(request, rooms.cookies, rooms.ids)
    await rooms.logouts.skip(name, form.get("without", ""), browser_of(visit), rooms.clock.now())
    return redirect(rooms, f"{PAGE}/{name}", visit)


async def begun_at(rooms: Rooms, visit: Visit, begun: Begun) -> Response:
    """Answer who asked for a logout: with the first participant to go to, or with its end at once."""
    if not begun.leads:
        return await _show(rooms, visit, begun.name)
    response = redirect(rooms, f"{PAGE}/{begun.name}", visit)
    rooms.cookies.write(response, LEAVING, begun.name)
    return response


async def find_running(request: Request, rooms: Rooms, visit: Visit) -> str:
    """Return the name of the logout that this browser is in; empty for none."""
    name = rooms.cookies.read(request, LEAVING) or ""
    if not _NAME.fullmatch(name):
        return ""
    return name if await rooms.logouts.is_running(name, browser_of(visit), rooms.clock.now()) else ""


async def unbelieved(request: Request, rooms: Rooms, refusal: Refusal) -> Response:
    """Go on after an answer that nobody can believe, if this browser is in a logout; else refuse.

    Raises:
        Refusal: it is in none.

    """
    visit = read_visit(request, rooms.cookies, rooms.ids)
    running = await find_running(request, rooms, visit)
    if not running:
        raise refusal
    rooms.meter.refused_with(refusal.code)
    return redirect(rooms, f"{PAGE}/{running}", visit)


def browser_of(visit: Visit) -> str:
    """Return the hash of the browser's secret, as it will be after this answer."""
    return browser_hash(visit.bound().secret or "")


async def _show(rooms: Rooms, visit: Visit, name: str) -> Response:
    seen = await rooms.logouts.look(name, browser_of(visit), rooms.clock.now())
    results = [{"service": one.name, "result": _WORDS.get(one.result, "failed")} for one in seen.outcomes]
    if seen.visit is not None:
        return _lead(rooms, visit, name, seen)
    reply = seen.reply
    if reply is None or not seen.whole:
        values: dict[str, object] = {"results": results, "go_back": reply.location if reply else ""}
        values |= {"fields": (reply.fields if reply else None) or (), "service": seen.asked_by}
        return page(rooms, visit, "logout/done", values, targets=(reply.location,) if reply else ())
    if reply.fields is None:
        return redirect(rooms, reply.location, visit)
    values = {"address": reply.location, "fields": reply.fields, "service": seen.asked_by, "send": True}
    return page(rooms, visit, "login/posting", values, targets=(reply.location,))


def _lead(rooms: Rooms, visit: Visit, name: str, seen: Seen) -> Response:
    to = seen.visit
    if to is None:
        raise OneTimeGone
    waiting = _WORDS | {Result.WAITING: "waiting"}
    results = [{"service": one.name, "result": waiting.get(one.result, "failed")} for one in seen.outcomes]
    values = {
        "service": seen.name,
        "address": to.location,
        "fields": to.fields or (),
        "key": seen.key,
        "here": f"{PAGE}/{name}",
        "results": results,
    }
    # Chromium holds a form's redirects to the policy of its page: also the one by which all this ends.
    beyond = (seen.reply.location,) if seen.reply else ()
    return page(rooms, visit, "logout/leaving", values, targets=(to.location, *beyond))


ROUTES = (
    ("GET", PAGE, resume),
    ("GET", PAGE + "/{logout}", show),
    ("POST", PAGE + "/{logout}", go_on),
)
