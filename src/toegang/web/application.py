"""The ASGI application: finds the handler, and answers whatever leaves it as an error.

This is the outermost edge. A refusal becomes its answer; anything unforeseen becomes one plain page,
a line in the log without values, and never a stack trace. A framework's own router and its layers of
middleware would cost as much as the handlers: here a request comes past one table and one edge.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router

from toegang import log
from toegang.clock import monotonic
from toegang.errors import Misconfigured, ToegangError
from toegang.web import login
from toegang.web.answers import answer_error, page
from toegang.web.assets import CACHE_CONTROL, STATIC
from toegang.web.routes import ROUTES
from toegang.web.security_headers import data_headers
from toegang.web.table import Table
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from starlette.types import Receive, Scope, Send

    from toegang.web.rooms import Rooms
    from toegang.web.routes import Handler

    Open = Callable[[], AbstractAsyncContextManager[Rooms]]

NOT_FOUND = 404
NOT_ALLOWED = 405
GONE_AWAY = 400


def application(open_rooms: Open, further: Iterable[tuple[str, str, Handler]] = ()) -> Application:
    """Make the application; `open_rooms` opens the house for as long as it serves.

    `further` are routes of means that only a test or a benchmark has.
    """
    return Application(open_rooms, Table([*further, *ROUTES], under={STATIC: _static}))


class Application:
    """Hands the rooms to every handler, and catches what leaves it."""

    rooms: Rooms

    def __init__(self, open_rooms: Open, table: Table) -> None:
        """Be closed until the server says that it starts."""
        self._open = open_rooms
        self._table = table
        self._lifespan = Router(lifespan=lambda _: self.opened())

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Open the house, and close it again."""
        async with self._open() as self.rooms:
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, counted under the template of its route; or start and stop (ASGI-lifespan)."""
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        began, method = monotonic(), scope["method"]
        found = self._table.find(method, scope["path"])
        scope["path_params"], scope["readable"] = found.values, self._table.readable
        request = Request(scope, receive)
        if found.handler is None:
            response = self._missing(request, found.allowed)
        else:
            response = await self._guarded(request, found.handler)
            self.rooms.meter.answered(method, found.template, response.status_code, monotonic() - began)
        await response(scope, receive, send)

    async def _guarded(self, request: Request, handler: Handler) -> Response:
        try:
            return await handler(request, self.rooms)
        except ToegangError as error:
            return await login.refused(request, self.rooms, error) or answer_error(request, self.rooms, error)
        except ClientDisconnect:
            # Whoever asked has hung up, or dawdled until we did; nobody reads this.
            return Response(status_code=GONE_AWAY)
        except Exception as error:  # noqa: BLE001 the one outermost edge: nobody sees a stack trace
            log.trouble("request:trouble", error, handler=getattr(handler, "__name__", ""))
            return answer_error(request, self.rooms, Misconfigured("unforeseen"))

    def _missing(self, request: Request, allowed: Iterable[str]) -> Response:
        """Say that there is no such page (404), or not in this way (405, RFC9110-15.5.6)."""
        visit = read_visit(request, self.rooms.cookies, self.rooms.ids)
        status, reference = NOT_ALLOWED if allowed else NOT_FOUND, self.rooms.ids.reference()
        log.event("page:missing", reference=reference, status=status)
        values = {"code": "not-found", "reference": reference, "at": self.rooms.clock.now(), "go_back": ""}
        response = page(self.rooms, visit, "error", values, status=status)
        if allowed:
            response.headers["allow"] = ", ".join(allowed)
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
