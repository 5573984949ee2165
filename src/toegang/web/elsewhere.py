"""Means of other parties: where browsers come back from them.

What comes back is found by what was remembered when the browser left (means/external/errands.py). From then
on whatever is refused is told on a page of its login, with the ways on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.values import MeansId
from toegang.errors import ToegangError
from toegang.login.transaction import browser_hash
from toegang.web import login
from toegang.web.login import proceed
from toegang.web.visits import query_of, read_visit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms


async def oidc_callback(request: Request, rooms: Rooms) -> Response:
    """OIDCC-3.1.2.5: a browser comes back from an OpenID provider."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    means, door = MeansId(request.path_params["means"]), rooms.oidc_means
    browser = browser_hash(visit.browser.secret or "")
    returned = await door.take(means, query_of(request), browser, now)
    transaction = returned.errand.transaction
    try:
        proven = await door.prove(returned, now)
        at = await rooms.logins.accept(transaction, proven, visit.browser, now)
    except ToegangError as error:
        told = await login.tell(rooms, visit, transaction, error)
        if told is None:
            raise
        return told
    return await proceed(rooms, visit, at, now)


ROUTES = (("GET", "/means/oidc/callback/{means}", oidc_callback),)
