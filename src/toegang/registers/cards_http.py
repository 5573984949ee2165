"""The register of cards over HTTP, as docs/protocols/card-register.md describes it.

What identifies a card or a person travels in the body of a POST, never in an address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import Bsn
from toegang.registers.cards import CardAct, CardCount, CardKind, CardStatus, RegisteredCard

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.outbound.client import Outbound, Response

PARTY: Final = "card-register"
ANSWER_BYTES: Final = 65_536
MOST_CARDS: Final = 16
MOST_COUNTED: Final = 100_000_000
_DIGEST: Final = 32
_LONGEST_NUMBER: Final = 20
B = TypeVar("B")


class CardBody(msgspec.Struct, frozen=True, rename="camel"):
    """One card in an answer; what is not named here is not read."""

    chip: str
    number: str
    kind: str
    holder: str
    status: str
    until: str
    by_holder: bool = False


class CardsBody(msgspec.Struct, frozen=True):
    """An answer about cards."""

    cards: list[CardBody]


class CountBody(msgspec.Struct, frozen=True):
    """One kind in an answer about numbers."""

    kind: str
    issued: int
    active: int


class CountsBody(msgspec.Struct, frozen=True):
    """An answer about numbers."""

    counts: list[CountBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCards:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, chip: bytes) -> RegisteredCard | None:
        """Find the card with this chip.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        found = self._cards(await self._ask("find", {"chip": chip.hex()}))
        if not found:
            return None
        if len(found) > 1 or found[0].chip != chip:
            raise _misread()
        return found[0]

    async def of_holder(self, bsn: Bsn) -> tuple[RegisteredCard, ...]:
        """Return the cards of a person that were not taken in.

        Raises:
            Unavailable: as `find`.

        """
        found = self._cards(await self._ask("of-holder", {"bsn": bsn.digits}))
        if any(each.holder != bsn for each in found):
            raise _misread()
        return tuple(each for each in found if each.status is not CardStatus.RETURNED)

    async def act(self, card: RegisteredCard, act: CardAct) -> RegisteredCard:
        """Have the register do something with a card.

        Raises:
            NotEntitled: the register refuses it, for the state that the card is in.
            Unavailable: as `find`.

        """
        asked = {"chip": card.chip.hex(), "bsn": card.holder.digits, "act": act.value}
        response = await self._ask("act", asked)
        if response.status == HTTPStatus.CONFLICT:
            message = f"the register does not {act} a card that is {card.status}"
            raise NotEntitled(message)
        found = self._cards(response)
        if len(found) != 1 or (found[0].chip, found[0].holder) != (card.chip, card.holder):
            raise _misread()
        return found[0]

    async def counts(self) -> tuple[CardCount, ...]:
        """Return how many cards there are, by kind.

        Raises:
            Unavailable: as `find`.

        """
        body = _read(await self._ask("count", {}), CountsBody)
        try:
            found = {
                each.kind: CardCount(kind=CardKind(each.kind), issued=each.issued, active=each.active)
                for each in body.counts
            }
        except ValueError:
            raise _misread() from None
        if not all(0 <= each.active <= each.issued <= MOST_COUNTED for each in found.values()):
            raise _misread()
        return tuple(found.values())

    async def _ask(self, what: str, asked: Mapping[str, str]) -> Response:
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return await self.outbound.request(
            PARTY,
            "POST",
            f"{self.url}/cards/{what}",
            headers={"Content-Type": "application/json"} | proof,
            content=json.dumps(asked).encode(),
            limit=ANSWER_BYTES,
        )

    def _cards(self, response: Response) -> tuple[RegisteredCard, ...]:
        body = _read(response, CardsBody)
        if len(body.cards) > MOST_CARDS:
            raise _misread()
        try:
            return tuple(_card(each, self.url, self.clock.now()) for each in body.cards)
        except ValueError:
            raise _misread() from None


def _read(response: Response, kind: type[B]) -> B:
    """Read an answer strictly: whatever is not exactly as agreed is no answer."""
    if response.status != HTTPStatus.OK:
        message = f"the register of cards answered {response.status}"
        raise Unavailable(message)
    try:
        return msgspec.json.decode(response.body, type=kind, strict=True)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise _misread() from None


def _card(body: CardBody, source: str, now: datetime) -> RegisteredCard:
    chip = bytes.fromhex(body.chip)
    if len(chip) != _DIGEST or not 0 < len(body.number) <= _LONGEST_NUMBER or not body.number.isalnum():
        message = "a card without a chip or a number"
        raise ValueError(message)
    return RegisteredCard(
        chip=chip,
        number=body.number,
        kind=CardKind(body.kind),
        holder=Bsn.parse(body.holder),
        status=CardStatus(body.status),
        by_holder=body.by_holder,
        until=date.fromisoformat(body.until),
        as_of=now,
        source=source,
    )


def _misread() -> Unavailable:
    """Say it without what the register said of somebody."""
    return Unavailable("the register of cards answered in another form than agreed")
