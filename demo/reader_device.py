"""A reader in software: it speaks the protocol of docs/protocols/reader.md, and relays to a chip in software.

It decides nothing: what it was told to send it sends, and brings back what the chip answered.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from demo.documents.chip import SoftwareChip
from demo.documents.papers import LICENCE

if TYPE_CHECKING:
    from demo.documents.papers import Paper

Send = Callable[[str, Mapping[str, Any]], Awaitable[tuple[int, dict[str, Any]]]]
"""Post JSON to a path under /reader/v1; return the status and the JSON that came back."""
Chip = Callable[[bytes], bytes]
REFUSED = 400  # HTTP's own number: from here on the hub said no


class Refused(Exception):
    """The hub said no; `problem` is what it said."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        """Carry the problem."""
        super().__init__(str(problem))
        self.code = str(problem.get("code", ""))


@dataclass(slots=True, kw_only=True)
class Session:
    """A session that this reader took; `told` is what the hub said last."""

    id: str = field(repr=False)
    details: Mapping[str, Any]
    told: Mapping[str, Any]
    rounds: int = 0

    @property
    def outcome(self) -> str:
        """How it ended: `accepted`, the advice when it was refused, empty while it goes on."""
        return str(self.told.get("advice", self.told.get("outcome", "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader."""

    send: Send = field(repr=False)

    async def take(self, code: str) -> Session:
        """Take the session of a page by its code."""
        told = await self._post("/sessions", {"code": code})
        return Session(id=told["session"], details=told["details"], told=told)

    async def give(self, session: Session, given: Mapping[str, str]) -> None:
        """Give what the person typed or held before the camera."""
        await self._say(session, "given", {"given": dict(given)})

    async def answer(self, session: Session, answers: list[bytes]) -> None:
        """Bring what a chip answered."""
        await self._say(session, "answers", {"answers": [encode(each) for each in answers]})

    async def relay(self, session: Session, chip: Chip) -> None:
        """Relay commands until the hub has no more of them."""
        while "commands" in session.told:
            session.rounds += 1
            await self.answer(session, [chip(decode(each)) for each in session.told["commands"]])

    async def read(self, session: Session, paper: Paper) -> str:
        """Read a document from the first question to the last; return how it ended."""
        await self.give(session, printed_on(paper))
        await self.relay(session, SoftwareChip(paper=paper).send)
        return session.outcome

    async def leave(self, session: Session) -> None:
        """Stop."""
        await self._post(f"/sessions/{session.id}/end", {})

    async def _say(self, session: Session, what: str, content: Mapping[str, Any]) -> None:
        turn = session.told.get("turn", "")
        session.told = await self._post(f"/sessions/{session.id}/{what}", {"turn": turn, **content})

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        status, told = await self.send(path, body)
        if status >= REFUSED:
            raise Refused(told)
        return told


def printed_on(paper: Paper) -> dict[str, str]:
    """Return what a person reads off a document."""
    if paper.application == LICENCE:
        return {"document": "licence", "line": paper.printed}
    return {"document": "travel", "mrz": paper.printed}


def encode(octets: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
