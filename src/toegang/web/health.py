"""For whoever keeps the machine running: whether this process lives, and whether it can serve a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang import log
from toegang.errors import ToegangError
from toegang.web.answers import json

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms


RETRY_AFTER = "5"  # seconds


async def alive(_: Request, rooms: Rooms) -> Response:
    """Say that the process answers."""
    return json(rooms, {"alive": True})


async def ready(_: Request, rooms: Rooms) -> Response:
    """Say whether a login can be served: database, catalogue and keys; 503 while not."""
    try:
        await rooms.ready()
    except ToegangError as error:
        log.event("health:not-ready", code=error.code, detail=error.detail)
        response = json(rooms, {"ready": False}, status=503)
        response.headers["retry-after"] = RETRY_AFTER
        return response
    return json(rooms, {"ready": True})


ROUTES = (("GET", "/healthz", alive), ("GET", "/readyz", ready))
