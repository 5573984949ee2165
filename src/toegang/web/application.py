"""The ASGI application: finds the handler, and answers whatever leaves it as an error.

This is the outermost edge. A refusal becomes its answer; anything unforeseen becomes one plain page,
a line in the log without values, and never a stack trace.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from toegang import log
from toegang.clock import monotonic
from toegang.errors import Misconfigured, ToegangError
from toegang.web import login
from toegang.web.answers import answer_error, page
from toegang.web.assets import CACHE_CONTROL, STATIC
from toegang.web.routes import ROUTES
from toegang.web.security_headers import data_headers
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from starlette.requests import Request

    from toegang.web.rooms import Rooms
    from toegang.web.routes import Handler

    Open = Callable[[], AbstractAsyncContextManager[Rooms]]

NOT_FOUND = 404
NOT_ALLOWED = 405
GONE_AWAY = 400


def application(open_rooms: Open, further: Iterable[tuple[str, str, Handler]] = ()) -> Starlette:
    """Make the application; `open_rooms` opens the house for as long as it serves.

    `further` are routes of means that only a test or a benchmark has.
    """
    house = _House()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with open_rooms() as rooms:
            house.rooms = rooms
            yield

    routes = [
        *(
            Route(path, house.edge(handler, path), methods=[method])
            for method, path, handler in (*further, *ROUTES)
        ),
        Route(STATIC + "{name:path}", house.edge(_static, STATIC), methods=["GET"]),
    ]
    missing = {NOT_FOUND: house.missing, NOT_ALLOWED: house.missing}
    web = Starlette(routes=routes, lifespan=lifespan, exception_handlers=missing)
    # The framework would lead `/path/` to `/path` by a 307, on whatever host the request names (L15).
    web.router.redirect_slashes = False
    return web


class _House:
    """Hands the rooms to every handler, and catches what leaves it."""

    rooms: Rooms

    def edge(self, handler: Handler, route: str) -> Callable[[Request], Awaitable[Response]]:
        """Wrap a handler; its answers are counted under the template of its route."""

        async def answered(request: Request) -> Response:
            began = monotonic()
            response = await guarded(request)
            self.rooms.meter.answered(request.method, route, response.status_code, monotonic() - began)
            return response

        async def guarded(request: Request) -> Response:
            try:
                return await handler(request, self.rooms)
            except ToegangError as error:
                return await login.refused(request, self.rooms, error) or answer_error(
                    request, self.rooms, error
                )
            except ClientDisconnect:
                # Whoever asked has hung up, or dawdled until we did; nobody reads this.
                return Response(status_code=GONE_AWAY)
            except Exception as error:  # noqa: BLE001 the one outermost edge: nobody sees a stack trace
                log.trouble("request:trouble", error, handler=getattr(handler, "__name__", ""))
                return answer_error(request, self.rooms, Misconfigured("unforeseen"))

        return answered

    async def missing(self, request: Request, error: Exception) -> Response:
        """Say that there is no such page (404), or not in this way (405)."""
        status = getattr(error, "status_code", NOT_FOUND)
        visit = read_visit(request, self.rooms.cookies, self.rooms.ids)
        values = {"code": "not-found", "reference": "", "at": self.rooms.clock.now(), "go_back": ""}
        response = page(self.rooms, visit, "error", values, status=status)
        for name, value in (getattr(error, "headers", None) or {}).items():
            response.headers[name] = value
        return response


async def _static(request: Request, rooms: Rooms) -> Response:
    """Serve a file of the pages, for ever: its name changes with its content."""
    asset = rooms.assets.find(request.scope["path"])
    if asset is None:
        nothing = Response("no such file", NOT_FOUND, media_type="text/plain")
        nothing.raw_headers.extend(data_headers(https=rooms.cookies.https))
        return nothing
    packed = asset.gzipped if "gzip" in request.headers.get("accept-encoding", "") else None
    headers = {"cache-control": CACHE_CONTROL, "vary": "accept-encoding"}
    if packed is not None:
        headers["content-encoding"] = "gzip"
    response = Response(packed or asset.body, media_type=asset.media_type, headers=headers)
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response
