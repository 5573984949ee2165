"""The register of documents (docs/protocols/document-register.md), a table with documents, and their reader.

The reader shows what the hub tells of the session before it reads anything, as a real one does.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import httpx2
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo import issued_papers
from demo.personas import read_personas
from demo.places import Party, secret
from demo.reader_device import Reader, Refused, Session
from demo.web import AWAY, EVERYWHERE, PAGES, hub_answer, is_hub, routes_of
from demo.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from demo.documents.papers import Paper
    from demo.issued_papers import Issued
    from demo.places import Places
    from demo.reader_device import Send

KEPT: Final = 100
KINDS: Final = {
    issued_papers.PASSPORT: Words("paspoort", "passport"),
    issued_papers.CARD: Words("identiteitskaart", "identity card"),
    issued_papers.DRIVING: Words("rijbewijs", "driving licence"),
}
SAID: Final = {
    "accepted": Words(
        "Gelukt. Ga verder op de pagina waar u begon.", "Done. Go on at the page where you began."
    ),
    "again": Words(
        "De chip is niet gelezen. Begin opnieuw, en houd het document stil.",
        "The chip was not read. Begin again, and hold the document still.",
    ),
    "not-accepted": Words(
        "Dit document kan hier niet worden gebruikt. Probeer een ander document van uzelf, of vraag hulp.",
        "This document cannot be used here. Try another document of your own, or ask for help.",
    ),
    "desk": Words(
        "Van dit document is niet te zien van wie het is. Ga ermee naar een balie.",
        "This document does not tell whose it is. Go to a desk with it.",
    ),
    "expired": Words("Dit document is niet meer geldig.", "This document is no longer valid."),
    "later": Words(
        "Controleren kan nu niet. Probeer het later nog eens.",
        "Checking is not possible now. Try again later.",
    ),
    "closed": Words("De app of het account is gestopt.", "The app or the account was stopped."),
    "one-time-gone": Words(
        "Deze letters werken niet, of niet meer. Begin opnieuw op de pagina.",
        "These letters do not work, or no longer. Begin again at the page.",
    ),
    "too-many-tries": Words("Dit is vandaag te vaak geprobeerd.", "This was tried too often today."),
    "stopped": Words("U bent gestopt.", "You stopped."),
}
OTHER: Final = Words(
    "Het is niet gelukt. Begin opnieuw op de pagina.", "It did not succeed. Begin again at the page."
)


@dataclass(kw_only=True)
class Table:
    """Documents on a table, what the register says of them, and a reader beside them."""

    places: Places
    documents: list[Issued] = field(default_factory=issued_papers.issued)
    papers: dict[str, Paper] = field(default_factory=dict)
    sessions: dict[str, tuple[Session, Issued]] = field(default_factory=dict)

    async def find(self, request: Request) -> Response:
        """Answer the hub what the register says of a document."""
        if not is_hub(request, secret(Party.PAPERS)):
            return JSONResponse({"error": "unauthorized"}, 401)
        asked = _json(await request.body())
        kind, number = asked.get("kind"), asked.get("number")
        if not isinstance(kind, str) or not isinstance(number, str):
            return JSONResponse({"error": "malformed"}, 400)
        found = self._document(number, kind)
        status = found.status if found else "unknown"
        whose = {"bsn": found.holder.bsn} if found else {}
        return JSONResponse({"kind": kind, "number": number, "status": status, **whose})

    async def show(self, request: Request) -> Response:
        """Show the documents and the reader."""
        return self._page(request, {})

    async def act(self, request: Request) -> Response:
        """Take the session of a page by its letters; then read the document that was chosen, or stop."""
        form = {name: each[0] for name, each in parse_qs((await request.body()).decode()).items()}
        async with httpx2.AsyncClient(timeout=30) as client:
            reader = Reader(send=self._sender(client))
            try:
                if form.get("do") == "take":
                    return await self._take(request, reader, form)
                return await self._go_on(request, reader, form)
            except Refused as refused:
                return self._page(request, {"said": SAID.get(refused.code, OTHER)})

    async def hub_away(self, request: Request, _: Exception) -> Response:
        """Say so when the hub does not answer."""
        return self._page(request, {"said": AWAY}, 502)

    async def _take(self, request: Request, reader: Reader, form: Mapping[str, str]) -> Response:
        document = self._document(form.get("paper", ""))
        if document is None:
            return self._page(request, {"said": OTHER})
        session = await reader.take(form.get("code", ""))
        name = secrets.token_urlsafe(16)
        self.sessions[name] = (session, document)
        if len(self.sessions) > KEPT:
            del self.sessions[next(iter(self.sessions))]
        shown = {
            "details": session.details,
            "about": session.told.get("about", {}),
            "chosen": document.number,
        }
        return self._page(request, {"session": name, **shown})

    async def _go_on(self, request: Request, reader: Reader, form: Mapping[str, str]) -> Response:
        session, document = self.sessions.pop(form.get("session", ""), (None, None))
        if session is None or document is None:
            return self._page(request, {"said": OTHER})
        if form.get("do") != "read":
            await reader.leave(session)
            return self._page(request, {"said": SAID["stopped"]})
        outcome = await reader.read(session, self._paper(document))
        told = {"said": SAID.get(outcome, OTHER), "outcome": outcome, "rounds": session.rounds}
        return self._page(request, {**told, "chosen": document.number})

    def _paper(self, document: Issued) -> Paper:
        """Return a document, made at first use: the authorities' keys are there by then."""
        if document.number not in self.papers:
            both = (issued_papers.TRAVEL, issued_papers.LICENCE)
            signers = {which: issued_papers.state_of(self.places, which).signer() for which in both}
            self.papers[document.number] = issued_papers.made(document, signers)
        return self.papers[document.number]

    def _document(self, number: str, kind: str = "") -> Issued | None:
        found = (each for each in self.documents if each.number == number and kind in {"", each.kind})
        return next(found, None)

    def _sender(self, client: httpx2.AsyncClient) -> Send:
        hub = self.places.url(Party.HUB)

        async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            answer = await client.post(f"{hub}/reader/v1{path}", json=dict(body))
            return hub_answer(answer)

        return send

    def _page(self, request: Request, values: Mapping[str, object], status: int = 200) -> Response:
        names = {persona.id: persona.full_name for persona in read_personas()}
        shown = {"documents": self.documents, "names": names, "kinds": KINDS, **values}
        return PAGES.TemplateResponse(request, "papers.html", shown, status)


def build(places: Places) -> Starlette:
    """Make the register, the table and the reader."""
    table = Table(places=places)
    routes = routes_of(
        Route("/documents/find", table.find, methods=["POST"]),
        Route("/", table.show),
        Route("/", table.act, methods=["POST"]),
    )
    away = {httpx2.HTTPError: table.hub_away}
    return Starlette(routes=routes, middleware=EVERYWHERE, exception_handlers=away)


def _json(octets: bytes) -> dict[str, Any]:
    try:
        found = json.loads(octets)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
