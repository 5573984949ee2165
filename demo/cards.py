"""The issuer of cards: its register (docs/protocols/card-register.md), a table with the cards, and a reader.

The PIN is typed at the reader, which opens the card with it; it goes no further.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import httpx2
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo import issued_cards
from demo.card_session import CardSession
from demo.documents.card_reader import CardReader, PinWrongError
from demo.documents.cards import TRIES, SoftwareCard
from demo.personas import read_personas
from demo.places import Party, secret
from demo.web import AWAY, EVERYWHERE, PAGES, hub_answer, is_hub, routes_of
from demo.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from demo.issued_cards import IssuedCard
    from demo.places import Places

CONFLICT = 409
KEPT = 100
ADVICE: Final = {
    "again": Words("Houd de kaart stil en begin opnieuw.", "Hold the card still and begin again."),
    "card-not-active": Words(
        "Maak de kaart eerst klaar in Mijn account.", "Make the card ready in My account first."
    ),
    "card-blocked": Words("De kaart is geblokkeerd in het register.", "The card is blocked in its register."),
    "card-stopped": Words("U logt er niet meer mee in.", "You stopped logging in with it."),
    "card-returned": Words("De kaart is ingeleverd.", "The card was handed in."),
    "card-over": Words("De kaart is niet meer geldig.", "The card is no longer valid."),
    "card-not-yours": Words("De kaart is van iemand anders.", "The card is somebody else's."),
    "card-unknown": Words("De hub kent deze kaart niet.", "The hub does not know this card."),
    "later": Words("Probeer het later opnieuw.", "Try again later."),
    "too-many-tries": Words("Dit is te vaak geprobeerd.", "This was tried too often."),
}
"""What the hub advises who holds a card that was refused."""
OTHER: Final = Words("Begin opnieuw op de pagina.", "Begin again at the page.")


ELSEWHERE: Final = {"identity-card": (2_410, 860), "driving-licence": (1_730, 240)}
"""How many cards people have who are not on the table, and how many of those are active; made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinLetter:
    """A letter to the holder of a card: the PIN and what unblocks it, from then on."""

    card: IssuedCard
    pin: str = field(repr=False)
    unblocking: str = field(repr=False)

    @classmethod
    def write(cls, card: IssuedCard) -> PinLetter:
        """Write a letter with new ones; a real chip gets them at its first use, and ours at once."""
        pin, unblocking = (_digits(each) for each in (card.plastic.pin, card.plastic.unblocking))
        card.plastic.pin, card.plastic.unblocking, card.plastic.tries = pin, unblocking, TRIES
        return cls(card=card, pin=pin, unblocking=unblocking)


@dataclass(kw_only=True)
class CardHouse:
    """The issuer, and who holds its cards."""

    hub: str
    cards: list[IssuedCard]
    letters: list[PinLetter] = field(default_factory=list)
    sessions: dict[str, tuple[CardSession, str]] = field(default_factory=dict)

    async def ask(self, request: Request) -> Response:
        """Answer the hub."""
        if not is_hub(request, secret(Party.CARDS)):
            return JSONResponse({"error": "unauthorized"}, 401)
        asked = _json(await request.body())
        answering = {"find": self._find, "of-holder": self._of_holder, "act": self._act, "count": self._count}
        answer = answering.get(request.path_params["what"])
        if answer is None or asked is None:
            return JSONResponse({"error": "malformed"}, 400)
        return answer(asked)

    def _find(self, asked: dict[str, Any]) -> Response:
        return _told(each for each in self.cards if each.chip == asked.get("chip"))

    def _of_holder(self, asked: dict[str, Any]) -> Response:
        return _told(each for each in self.cards if each.bsn == asked.get("bsn"))

    def _act(self, asked: dict[str, Any]) -> Response:
        found = next((each for each in self.cards if each.chip == asked.get("chip")), None)
        if found is None or found.bsn != asked.get("bsn"):
            return JSONResponse({"error": "no-such-card"}, CONFLICT)
        closed = found.status == "returned" or (found.status == "blocked" and not found.by_holder)
        if closed:
            return JSONResponse({"error": "closed"}, CONFLICT)
        if asked.get("act") == "activate":
            found.status, found.by_holder = "active", False
        elif asked.get("act") == "block":
            found.status, found.by_holder = "blocked", True
        elif asked.get("act") == "send-pin":
            self.letters.append(PinLetter.write(found))
        else:
            return JSONResponse({"error": "malformed"}, 400)
        return _told([found])

    def _count(self, _: dict[str, Any]) -> Response:
        issued = Counter(each.plastic.kind for each in self.cards if each.status != "returned")
        active = Counter(each.plastic.kind for each in self.cards if each.status == "active")
        for kind, (others, ready) in ELSEWHERE.items():
            issued[kind] += others
            active[kind] += ready
        counts = [{"kind": kind, "issued": issued[kind], "active": active[kind]} for kind in sorted(issued)]
        return JSONResponse({"counts": counts})

    async def table(self, request: Request) -> Response:
        """Show the cards and the reader."""
        return self._page(request, {})

    async def read(self, request: Request) -> Response:
        """Take the code of a page, show what it is for, and only then a PIN; or unblock the PIN of a card."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        wish, number, pin = form.get("do", ""), form.get("card", ""), form.get("pin", "")
        if wish in {"read", "stop"}:
            return self._page(request, await self._go_on(form.get("session", ""), pin, stops=wish == "stop"))
        if self._issued(number) is None:
            return self._page(request, {"said": "no-card"})
        if wish == "unblock":
            try:
                self._reader(number).unblock(pin)
            except PinWrongError:
                return self._page(request, {"said": "code-wrong", "chosen": number})
            return self._page(request, {"said": "unblocked", "chosen": number})
        return self._page(request, await self._taken(form.get("code", ""), number))

    async def hub_away(self, request: Request, _: Exception) -> Response:
        """Say so when the hub does not answer."""
        return self._page(request, {"said": "hub-away", "away": AWAY}, 502)

    async def _taken(self, code: str, number: str) -> dict[str, object]:
        """Take the session of a page: what it is for is shown before the PIN is asked."""
        session = CardSession(send=self._send)
        _, taken = await session.take(code)
        if "session" not in taken:
            return {"said": "no-session", "chosen": number}
        name = secrets.token_urlsafe(16)
        self.sessions[name] = (session, number)
        if len(self.sessions) > KEPT:
            del self.sessions[next(iter(self.sessions))]
        return {"session": name, "details": taken["details"], "about": taken["about"], "chosen": number}

    async def _go_on(self, name: str, pin: str, *, stops: bool) -> dict[str, object]:
        """Open the card with the PIN and relay; a wrong one ends the session here, and the card counts it."""
        session, number = self.sessions.pop(name, (None, ""))
        if session is None:
            return {"said": "no-session"}
        end = f"/sessions/{session.taken['session']}/end"
        if stops:
            await self._send(end, {})
            return {"said": "stopped", "chosen": number}
        try:
            ended = await session.run(self._reader(number), pin)
        except PinWrongError as wrong:
            await self._send(end, {})
            return {**_wrong(wrong), "chosen": number}
        advice = ADVICE.get(str(ended.get("advice", ended.get("code", ""))), OTHER)
        return {"said": ended.get("outcome", "refused"), "advice": advice, "chosen": number}

    async def _send(self, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        async with httpx2.AsyncClient(timeout=10) as client:
            answer = await client.post(f"{self.hub}/reader/v1{path}", json=body)
        return hub_answer(answer)

    def _issued(self, number: str) -> IssuedCard | None:
        return next((each for each in self.cards if each.number == number), None)

    def _reader(self, number: str) -> CardReader:
        issued = next(each for each in self.cards if each.number == number)
        return CardReader(card=SoftwareCard(plastic=issued.plastic, today=datetime.now(UTC).date()))

    def _page(self, request: Request, values: dict[str, object], status: int = 200) -> Response:
        names = {persona.id: persona.full_name for persona in read_personas()}
        shown = {"cards": self.cards, "names": names, "said": "", "letters": self.letters, **values}
        return PAGES.TemplateResponse(request, "cards.html", shown, status)


def build(places: Places) -> Starlette:
    """Make the issuer with its cards."""
    issued_cards.prepare(places)
    house = CardHouse(hub=places.url(Party.HUB), cards=issued_cards.read(issued_cards.folder(places)))
    return application(house)


def application(house: CardHouse) -> Starlette:
    """Make the application of an issuer."""
    routes = routes_of(
        Route("/cards/{what}", house.ask, methods=["POST"]),
        Route("/", house.table),
        Route("/", house.read, methods=["POST"]),
    )
    away = {httpx2.HTTPError: house.hub_away}
    return Starlette(routes=routes, middleware=EVERYWHERE, exception_handlers=away)


def _wrong(wrong: PinWrongError) -> dict[str, object]:
    return {"said": "pin-wrong", "left": wrong.tries_left}


def _digits(before: str) -> str:
    """Return as many other digits."""
    while True:
        found = "".join(secrets.choice("0123456789") for _ in before)
        if found != before:
            return found


def _json(octets: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(octets)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _told(cards: Any) -> Response:  # noqa: ANN401 any iterable of cards
    return JSONResponse({"cards": [each.record for each in cards]})
