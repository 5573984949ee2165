"""How the registers of courts, estates and organisations are asked over HTTP, and what their answers share.

Whom a question is about travels in the body of a POST, never in an address. Whatever is not exactly as agreed
is no answer: a register that says something else than its form is as silent as one that is down.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import msgspec

from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from toegang.outbound.client import Outbound, Response

ANSWER_BYTES: Final = 262_144
MOST_LISTED: Final = 200  # of anything in one answer
LONGEST_TEXT: Final = 600
LONGEST_REFERENCE: Final = 64
LONGEST_CURSOR: Final = 200
EARLIEST_YEAR: Final = (
    1800  # no earlier day and no later one means anything here, and each is a moment in UTC
)
LATEST_YEAR: Final = 9000
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./-]*", re.ASCII)

Holder: TypeAlias = Bsn | KvkNumber
"""Who acts for another in a register: a person, or an organisation by its number in the trade register."""

B = TypeVar("B")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Part of those for whom somebody is registered as acting; `next` reads on, empty after the last."""

    parties: tuple[Holder, ...] = field(repr=False)
    next: str


class PartyBody(msgspec.Struct, frozen=True):
    """A person or an organisation in an answer: exactly one of the two numbers."""

    bsn: str | None = None
    kvk: str | None = None


class HeldBody(msgspec.Struct, frozen=True):
    """An answer about those for whom somebody acts."""

    parties: list[PartyBody]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register over HTTP; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    party: str
    url: str
    secret: str = field(repr=False)

    async def ask(self, path: str, asked: Mapping[str, Any]) -> Response:
        """Ask; what comes back is not read yet.

        Raises:
            Unavailable: the register does not answer.

        """
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return await self.outbound.request(
            self.party,
            "POST",
            f"{self.url}/{path}",
            headers={"Content-Type": "application/json"} | proof,
            content=json.dumps(asked).encode(),
            limit=ANSWER_BYTES,
        )

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of those for whom `holder` acts, from `after` on; empty is the beginning.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """

        def read(body: HeldBody) -> Held:
            if len(body.parties) > most or len(body.next) > LONGEST_CURSOR or body.next == after != "":
                message = "more than was asked, or a list without an end"
                raise ValueError(message)
            return Held(parties=tuple(map(holder_of, body.parties)), next=body.next)

        asked = {"holder": told(holder), "after": after, "most": most}
        return understood(await self.ask("held-by", asked), self.party, HeldBody, read)


def understood(response: Response, party: str, kind: type[B], read: Callable[[B], V]) -> V:
    """Read an answer strictly.

    Raises:
        Unavailable: another status, or not exactly the agreed form.

    """
    if response.status != HTTPStatus.OK:
        message = f"the {party} answered {response.status}"
        raise Unavailable(message)
    try:
        return read(msgspec.json.decode(response.body, type=kind, strict=True))
    except (msgspec.DecodeError, ValueError, RecursionError):
        # The reason would quote what the register said about somebody.
        message = f"the {party} answered in another form than agreed"
        raise Unavailable(message) from None


def told(holder: Holder) -> dict[str, str]:
    """Write a party as a question has it."""
    return {"bsn" if isinstance(holder, Bsn) else "kvk": holder.digits}


def holder_of(body: PartyBody) -> Holder:
    """Read a party.

    Raises:
        ValueError: none or two numbers, or one that cannot be.

    """
    if body.bsn is not None and body.kvk is None:
        return Bsn.parse(body.bsn)
    if body.kvk is not None and body.bsn is None:
        return KvkNumber.parse(body.kvk)
    message = "a party has one number"
    raise ValueError(message)


def day(text: str) -> date:
    """Read `YYYY-MM-DD` and nothing else that ISO 8601 allows; a day that does not exist is refused.

    Raises:
        ValueError: not a day.

    """
    if not _DATE.fullmatch(text) or not EARLIEST_YEAR <= int(text[:4]) <= LATEST_YEAR:
        message = "a day is written YYYY-MM-DD"
        raise ValueError(message)
    return date.fromisoformat(text)


def period(since: str, until: str | None) -> tuple[date, date | None]:
    """Read from which day, and from which day no longer: half-open, and not empty.

    Raises:
        ValueError: not days, or an end that is not after the beginning.

    """
    begun, ended = day(since), None if until is None else day(until)
    if ended is not None and ended <= begun:
        message = "an end that is not after the beginning"
        raise ValueError(message)
    return begun, ended


def moment(text: str | None) -> datetime | None:
    """Read when something was recorded; None where the register does not say.

    Raises:
        ValueError: not a moment of our age, or without its offset from UTC.

    """
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        message = "a moment without its offset"
        raise ValueError(message)
    return at.astimezone(UTC)


def reference(text: str) -> str:
    """Read the register's own name of a record: short, and safe to write anywhere.

    Raises:
        ValueError: not such a name.

    """
    if len(text) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(text):
        message = "not a reference"
        raise ValueError(message)
    return text


def name(text: str) -> str:
    """Read the name of an organisation.

    Raises:
        ValueError: empty, with control characters or without end.

    """
    if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
        message = "a name with control characters, without letters or without end"
        raise ValueError(message)
    return text.strip()


def listed(found: Sequence[B], read: Callable[[B], V]) -> tuple[V, ...]:
    """Read each of a list.

    Raises:
        ValueError: more than anybody has.

    """
    if len(found) > MOST_LISTED:
        message = "more than an answer may list"
        raise ValueError(message)
    return tuple(map(read, found))
