"""The letter house, and the letter box behind every front door, on a page.

Speaks docs/protocols/letter-house.md. The letters are in memory, the latest 300, and gone when it stops.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.places import Party, secret
from demo.web import EVERYWHERE, PAGES, is_hub, routes_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from demo.places import Places

KEPT = 300
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One letter, as the letter house received it."""

    id: str
    language: str
    address: tuple[str, ...]
    text: str
    pdf: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBox:
    """The letter house and the letter box."""

    letters: dict[str, Delivered] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        """Take one letter; the same one again changes nothing."""
        if not is_hub(request, secret(Party.LETTERBOX)):
            return JSONResponse({"error": "unauthorized"}, 401)
        letter = _letter(str(request.path_params["id"]), await request.body())
        if letter is None:
            return JSONResponse({"error": "letter-invalid"}, 400)
        return JSONResponse({"id": letter.id}, self._keep(letter))

    async def box(self, request: Request) -> Response:
        """Show all letters, the newest first."""
        return PAGES.TemplateResponse(request, "letterbox.html", {"letters": self._newest_first()})

    async def as_json(self, _: Request) -> Response:
        """List all letters, for programs."""
        shown = [{"id": each.id, "address": each.address, "text": each.text} for each in self._newest_first()]
        return JSONResponse(shown)

    async def show(self, request: Request) -> Response:
        """Show one letter as text."""
        letter = self.letters.get(str(request.path_params["id"]))
        return PAGES.TemplateResponse(request, "letter.html", {"letter": letter}, 200 if letter else 404)

    async def pdf(self, request: Request) -> Response:
        """Hand out one letter as it was typeset."""
        letter = self.letters.get(str(request.path_params["id"]))
        if letter is None:
            return Response(status_code=404)
        return Response(letter.pdf, media_type="application/pdf")

    def _keep(self, letter: Delivered) -> int:
        known = self.letters.get(letter.id)
        if known is not None:
            # Typesetting again makes another file of the same letter, so the text is what counts.
            return 200 if known.text == letter.text else 409
        self.letters[letter.id] = letter
        if len(self.letters) > KEPT:
            del self.letters[next(iter(self.letters))]
        return 201

    def _newest_first(self) -> list[Delivered]:
        return list(reversed(self.letters.values()))


def build(_: Places) -> Starlette:
    """Make the letter house with its letter box."""
    box = LetterBox()
    routes = routes_of(
        Route("/letters/{id:uuid}.pdf", box.pdf),
        Route("/letters/{id:uuid}", box.receive, methods=["PUT"]),
        Route("/letters/{id:uuid}", box.show, methods=["GET"]),
        Route("/letters.json", box.as_json),
        Route("/", box.box),
    )
    return Starlette(routes=routes, middleware=EVERYWHERE)


def _letter(name: str, body: bytes) -> Delivered | None:
    try:
        found = json.loads(body)
        until = datetime.fromisoformat(found["valid_until"])
        letter = Delivered(
            id=name,
            language=str(found["language"]),
            address=tuple(str(line) for line in found["address"]),
            text=str(found["text"]),
            pdf=base64.b64decode(found["pdf"], validate=True),
            at=datetime.now(AMSTERDAM),
        )
    except (ValueError, KeyError, TypeError):
        return None
    return letter if letter.pdf.startswith(b"%PDF-") and until.tzinfo is not None else None
