"""The population register of the demo: answers as docs/protocols/population-register.md describes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo.personas import read_personas
from demo.places import Party, secret
from demo.web import HEADERS_ONLY, PAGES, is_hub, routes_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from demo.places import Places

BSN_LENGTH = 9


def build(_: Places) -> Starlette:
    """Make the register of the twelve personas."""
    personas = read_personas()
    records = {persona.bsn: persona.record for persona in personas}

    async def find(request: Request) -> Response:
        if not is_hub(request, secret(Party.POPULATION)):
            return JSONResponse({"error": "unauthorized"}, 401)
        bsn = _bsn(await request.body())
        if bsn is None:
            return JSONResponse({"error": "bsn-invalid"}, 400)
        found = records.get(bsn)
        return JSONResponse({"persons": [] if found is None else [found]})

    async def page(request: Request) -> Response:
        return PAGES.TemplateResponse(request, "population.html", {"personas": personas})

    routes = routes_of(Route("/persons/find", find, methods=["POST"]), Route("/", page))
    return Starlette(routes=routes, middleware=HEADERS_ONLY)


def _bsn(body: bytes) -> str | None:
    try:
        bsn = json.loads(body)["bsn"]
    except (ValueError, KeyError, TypeError):
        return None
    return bsn if isinstance(bsn, str) and len(bsn) == BSN_LENGTH and bsn.isdigit() else None
