"""The population register over HTTP, as docs/protocols/population-register.md describes it.

The BSN travels in the body of a POST, never in an address, where proxies and logs would keep it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.errors import Unavailable
from toegang.registers.population import Address, BirthDate, Names, Registered, parse_postcode

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.identity.numbers import Bsn
    from toegang.outbound.client import Outbound, Response

PARTY: Final = "population-register"
ANSWER_BYTES: Final = 65_536
LONGEST_NAME: Final = 600
MOST_LINES: Final = 5  # of an address abroad, the country included
LONGEST_LINE: Final = 60


class NamesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The names in an answer."""

    full: str
    given: str = ""
    prefix: str = ""
    family: str = ""


class AddressBody(msgspec.Struct, frozen=True, rename="camel"):
    """The address in an answer."""

    street: str
    house_number: int
    postcode: str
    town: str
    suffix: str = ""


class AbroadBody(msgspec.Struct, frozen=True):
    """An address in another country, as it stands on an envelope."""

    lines: list[str]
    country: str


class PersonBody(msgspec.Struct, frozen=True, rename="camel"):
    """One person in an answer; what is not named here is not read."""

    bsn: str
    names: NamesBody
    birth_date: str
    resident: bool
    address: AddressBody | None = None
    address_secret: bool = False
    deceased_on: str | None = None
    address_abroad: AbroadBody | None = None


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer: nobody or one person."""

    persons: list[PersonBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPopulation:
    """Asks the population register at `url`.

    We are proven by the bearer `secret`; it is empty where the connection itself proves us.
    """

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, bsn: Bsn) -> Registered | None:
        """Find the person with this BSN.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        response = await self.outbound.request(
            PARTY,
            "POST",
            f"{self.url}/persons/find",
            headers={"Content-Type": "application/json"} | proof,
            content=json.dumps({"bsn": bsn.digits}).encode(),
            limit=ANSWER_BYTES,
        )
        return read(response, bsn, self.url, self.clock.now())


def read(response: Response, bsn: Bsn, source: str, now: datetime) -> Registered | None:
    """Read an answer strictly: whatever is not exactly as agreed is no answer.

    Raises:
        Unavailable: another status, not the agreed form, or another person than was asked for.

    """
    if response.status != HTTPStatus.OK:
        message = f"the population register answered {response.status}"
        raise Unavailable(message)
    try:
        persons = msgspec.json.decode(response.body, type=AnswerBody, strict=True).persons
        if not persons:
            return None
        (person,) = persons
        return _registered(person, bsn, source, now)
    except (msgspec.DecodeError, ValueError, RecursionError):
        # The reason would quote what the register said about somebody.
        message = "the population register answered in another form than agreed"
        raise Unavailable(message) from None


def _registered(person: PersonBody, bsn: Bsn, source: str, now: datetime) -> Registered:
    if person.bsn != bsn.digits:
        message = "the answer is about another person"
        raise ValueError(message)
    names = Names(
        given=_text(person.names.given),
        prefix=_text(person.names.prefix),
        family=_text(person.names.family),
        full=_text(person.names.full),
    )
    if not names.full:
        message = "a person without a name"
        raise ValueError(message)
    return Registered(
        bsn=bsn,
        names=names,
        birth_date=BirthDate.parse(person.birth_date),
        address=_address(person.address),
        address_secret=person.address_secret,
        resident=person.resident,
        deceased_on=date.fromisoformat(person.deceased_on) if person.deceased_on else None,
        as_of=now,
        source=source,
        abroad=_abroad(person.address_abroad),
    )


def _address(body: AddressBody | None) -> Address | None:
    if body is None:
        return None
    if body.house_number < 1:
        message = "a house number starts at 1"
        raise ValueError(message)
    return Address(
        street=_text(body.street),
        house_number=body.house_number,
        suffix=_text(body.suffix),
        postcode=parse_postcode(body.postcode),
        town=_text(body.town),
    )


def _abroad(body: AbroadBody | None) -> tuple[str, ...]:
    if body is None:
        return ()
    lines = tuple(filter(None, map(_text, (*body.lines, body.country))))
    if not 1 < len(lines) <= MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        message = "an address abroad has two to five lines that fit an envelope"
        raise ValueError(message)
    return lines


def _text(text: str) -> str:
    """Refuse what no name or street has, so that it need not be feared further on."""
    if len(text) > LONGEST_NAME or not (text.isprintable() or not text):
        message = "a text with control characters or without end"
        raise ValueError(message)
    return text.strip()
