"""Tells the script of a page that waits where things stand, as soon as that is elsewhere than the page knows.

A question is held meanwhile, and costs nothing then. Its place is given back as soon as the browser goes
away: else whoever opens pages and drops them would keep the places of others, and of logins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from toegang.clock import monotonic
from toegang.web.answers import json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms

HELD_LEAST, TURN = 5.0, 50.0
"""Seconds, together less than a proxy in front waits for an answer. Each page has a moment of its own in a
turn, until which its question is held: pages that came together ask again one by one, the first time too."""
STOPPING = "toegang.stopping"
"""Where the server finds, in the state of a request (ASGI) that is held, what to call when it stops."""
LATER = "10"  # seconds after which a page asks again that cannot be held


async def told(rooms: Rooms, request: Request, id_: str, stage_now: Callable[[], Awaitable[str]]) -> Response:
    """Answer a page that knows a stage (`?stage=`) of what `id_` names, and wait for another if it may.

    A page without a place is told at once, and when to ask again (RFC9110-10.2.3); its connection ends
    (RFC9110-7.6.1), which may else be one that a login needs. All ask the database in one line.

    Raises:
        ToegangError: as `stage_now` does.

    """
    known, watcher = request.query_params.get("stage", ""), rooms.apps.meeting.desk.watcher
    with watcher.listening(id_) as change:
        if change is not None:
            request.scope.setdefault("state", {})[STOPPING] = change.end
        async with watcher.asking:
            stage = await stage_now()
        if stage == known:
            with watcher.place() as place:
                if change is None or not place:
                    return _later(json(rooms, {"stage": stage}))
                await change.wait(lambda: _left(request), held(id_, monotonic()))
            if change.is_there:
                async with watcher.asking:
                    stage = await stage_now()
    return json(rooms, {"stage": stage})


def _later(response: Response) -> Response:
    """Have the page ask later, and not over this line."""
    response.headers.update({"retry-after": LATER, "connection": "close"})
    return response


def held(id_: str, now: float) -> float:
    """Return how many seconds a question of this page is held; `now` is when it came, in seconds."""
    moment = TURN * crc32(id_.encode()) / 0xFFFFFFFF
    return HELD_LEAST + (moment - now) % TURN


async def _left(request: Request) -> None:
    """Return when the browser has gone away; what it sends meanwhile counts for nothing."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
