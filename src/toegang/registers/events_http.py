"""The register's events over HTTP, as docs/protocols/population-register.md describes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.errors import Malformed, Unavailable
from toegang.identity.life import LifeEvent
from toegang.identity.numbers import Bsn
from toegang.registers.events import Document, DocumentType, Notice, Told
from toegang.registers.population_http import PARTY

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound, Response

ANSWER_BYTES: Final = 1_048_576
LONGEST_CURSOR: Final = 200
LONGEST_NUMBER: Final = 40
LARGEST: Final = 2**62

_KINDS: Final = frozenset(LifeEvent)
_ABOUT_DOCUMENTS: Final = frozenset(
    {LifeEvent.DOCUMENT_LOST, LifeEvent.DOCUMENT_STOLEN, LifeEvent.DOCUMENT_FOUND}
)


class KindBody(msgspec.Struct, frozen=True):
    """What is looked at first: whether we know this kind of event."""

    kind: str


class DocumentBody(msgspec.Struct, frozen=True):
    """The document in an event."""

    type: str
    number: str


class EventBody(msgspec.Struct, frozen=True, rename="camel"):
    """One event; what is not named here is not read."""

    number: int
    kind: str
    bsn: str
    at: str
    new_bsn: str | None = None
    document: DocumentBody | None = None


class ToldBody(msgspec.Struct, frozen=True):
    """Part of the list; each event is read by itself, so that a bad one spoils no other."""

    events: list[msgspec.Raw]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRegisterEvents:
    """Reads the events of the register at `url`, proven by the bearer `secret`."""

    outbound: Outbound
    url: str
    secret: str = field(repr=False)

    async def read(self, after: str, most: int) -> Told:
        """Return at most so many events from `after` on.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        response = await self.outbound.request(
            PARTY,
            "POST",
            f"{self.url}/events/read",
            headers={"Content-Type": "application/json"} | proof,
            content=json.dumps({"after": after, "most": most}).encode(),
            limit=ANSWER_BYTES,
        )
        return read(response, most)

    def parse(self, octets: bytes) -> Notice | None:
        """Read one event; None for a kind that we do not know.

        Raises:
            Malformed: it is not in the agreed form.

        """
        return parse(octets)


def read(response: Response, most: int) -> Told:
    """Read an answer.

    Raises:
        Unavailable: another status, not the agreed form, or more than was asked.

    """
    if response.status != HTTPStatus.OK:
        message = f"the population register answered {response.status}"
        raise Unavailable(message)
    try:
        told = msgspec.json.decode(response.body, type=ToldBody, strict=True)
    except (msgspec.DecodeError, RecursionError):
        told = None
    if told is None or len(told.events) > most or len(told.next) > LONGEST_CURSOR:
        # The reason would quote what the register said about somebody.
        message = "the population register told events in another form than agreed"
        raise Unavailable(message)
    return Told(events=tuple(bytes(each) for each in told.events), next=told.next)


def parse(octets: bytes) -> Notice | None:
    """Read one event strictly; None for a kind that we do not know.

    Raises:
        Malformed: it is not in the agreed form.

    """
    try:
        if msgspec.json.decode(octets, type=KindBody, strict=True).kind not in _KINDS:
            return None
        return _notice(msgspec.json.decode(octets, type=EventBody, strict=True))
    except (msgspec.DecodeError, ValueError, RecursionError):
        message = "an event of the population register is in another form than agreed"
        raise Malformed(message) from None


def _notice(body: EventBody) -> Notice:
    event, at = LifeEvent(body.kind), datetime.fromisoformat(body.at)
    corrected = event is LifeEvent.NUMBER_CORRECTION
    # Read first: one number may be written in several ways, and none is corrected into itself.
    bsn = Bsn.parse(body.bsn)
    new_bsn = None if body.new_bsn is None else Bsn.parse(body.new_bsn)
    if (
        not 0 < body.number < LARGEST
        or at.tzinfo is None
        or corrected != (body.new_bsn is not None)
        or (event in _ABOUT_DOCUMENTS) != (body.document is not None)
        or new_bsn == bsn
    ):
        message = "an event that does not say what it must, or says what it must not"
        raise ValueError(message)
    return Notice(
        number=body.number,
        event=event,
        bsn=bsn,
        at=at.astimezone(UTC),
        new_bsn=new_bsn,
        document=_document(body.document),
    )


def _document(body: DocumentBody | None) -> Document | None:
    if body is None:
        return None
    if not 0 < len(body.number) <= LONGEST_NUMBER or not body.number.isalnum():
        message = "the number of a document has letters and digits"
        raise ValueError(message)
    return Document(type=DocumentType(body.type), number=body.number.upper())
