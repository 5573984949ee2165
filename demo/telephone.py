"""The gateway for text messages, and the telephones that receive them, on a page.

Speaks docs/protocols/sms-gateway.md. The texts are in memory, the latest 1,000, and gone when it stops.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo.personas import read_personas
from demo.places import Party, secret
from demo.web import EVERYWHERE, PAGES, is_hub, routes_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from demo.places import Places

KEPT = 1_000
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text message, as received at `at` by the clock in the Netherlands."""

    id: str
    to: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephones:
    """The gateway and its telephones; `owners` are the personas by their number."""

    received: dict[str, Text] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        """Take one message; the same one again changes nothing."""
        if not is_hub(request, secret(Party.TELEPHONE)):
            return JSONResponse({"error": "unauthorized"}, 401)
        message = _message(await request.body())
        if message is None:
            return JSONResponse({"error": "message-invalid"}, 400)
        now = datetime.now(AMSTERDAM)
        if message.pop("valid_until") <= now:
            return JSONResponse({"error": "too-late"}, 410)
        name = str(request.path_params["id"])
        return JSONResponse({"id": name}, self._keep(Text(id=name, at=now, **message)))

    async def list_telephones(self, request: Request) -> Response:
        """Show all telephones, those with the newest messages first."""
        numbers = dict.fromkeys([*(text.to for text in reversed(self.received.values())), *self.owners])
        shown = [(number, self.owners.get(number, ""), len(self._texts(number))) for number in numbers]
        return PAGES.TemplateResponse(request, "telephones.html", {"telephones": shown})

    async def show(self, request: Request) -> Response:
        """Show one telephone, its newest message first."""
        number = "+" + request.path_params["number"]
        owner = self.owners.get(number, "")
        context = {"number": number, "owner": owner, "texts": self._texts(number)}
        return PAGES.TemplateResponse(request, "telephone.html", context)

    async def as_json(self, request: Request) -> Response:
        """List the messages of one telephone, for programs."""
        texts = self._texts("+" + request.path_params["number"])
        return JSONResponse([{"id": text.id, "text": text.text, "at": text.at.isoformat()} for text in texts])

    def _keep(self, text: Text) -> int:
        known = self.received.get(text.id)
        if known is not None:
            return 200 if (known.to, known.text) == (text.to, text.text) else 409
        self.received[text.id] = text
        if len(self.received) > KEPT:
            del self.received[next(iter(self.received))]
        return 201

    def _texts(self, number: str) -> list[Text]:
        return [text for text in reversed(self.received.values()) if text.to == number]


def build(_: Places) -> Starlette:
    """Make the gateway with its telephones."""
    telephones = Telephones(owners={persona.telephone: persona.full_name for persona in read_personas()})
    routes = routes_of(
        Route("/messages/{id:uuid}", telephones.receive, methods=["PUT"]),
        Route("/", telephones.list_telephones),
        Route("/telephones/{number}", telephones.show),
        Route("/telephones/{number}/texts.json", telephones.as_json),
    )
    return Starlette(routes=routes, middleware=EVERYWHERE)


def _message(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
        until = datetime.fromisoformat(found["valid_until"])
        to, text = found["to"], found["text"]
    except (ValueError, KeyError, TypeError):
        return None
    right = isinstance(to, str) and isinstance(text, str) and to.startswith("+") and until.tzinfo is not None
    return {"to": to, "text": text, "valid_until": until} if right else None
