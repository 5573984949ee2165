"""A reader with a card and a PIN in a session of the hub's (docs/protocols/reader.md): from code to end."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.documents.card_reader import CardReader
from demo.documents.cards import SoftwareCard

Send = Callable[[str, Mapping[str, Any]], Awaitable[tuple[int, dict[str, Any]]]]
"""Post JSON to a path under /reader/v1; return the status and the JSON that came back."""


@dataclass(kw_only=True)
class CardSession:
    """One session: `taken` is what the hub said when the code was brought; show its details."""

    send: Send = field(repr=False)
    taken: Mapping[str, Any] = field(default_factory=dict)

    async def take(self, code: str) -> tuple[int, Mapping[str, Any]]:
        """Bring the code of a page."""
        status, self.taken = await self.send("/sessions", {"code": code})
        return status, self.taken

    async def run(self, reader: CardReader, pin: str) -> Mapping[str, Any]:
        """Open the card with the PIN and relay to the end; return what the hub said last.

        Raises:
            PinWrongError: the card did not open; the session goes on.

        """
        turn = self.taken
        opening = reader.open(pin, decoded(turn["about"]["template"]))
        given = {
            "card_access": encoded(opening.card_access),
            "chip": encoded(opening.chip),
            "authorities": [encoded(each) for each in opening.authorities],
        }
        turn = await self.say("given", turn, {"given": given})
        while "commands" in turn:
            answers = reader.relay(decoded(each) for each in turn["commands"])
            turn = await self.say("answers", turn, {"answers": [encoded(each) for each in answers]})
        return turn

    async def say(self, what: str, turn: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Say one thing with its turn."""
        path = f"/sessions/{self.taken['session']}/{what}"
        _, answer = await self.send(path, {"turn": turn["turn"], **said})
        return answer


def reader_of(card: SoftwareCard) -> CardReader:
    """Put a card on a reader."""
    return CardReader(card=card)


def today() -> datetime:
    """Return now, for a card that has no clock."""
    return datetime.now(UTC)


def encoded(octets: bytes) -> str:
    """Return octets as they travel."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return octets that travelled."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
