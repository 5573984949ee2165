"""The desk: what every journey with a card works with, and what a reader says first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toegang.emrtd.card_login import CardCheck, Opened, advance
from toegang.emrtd.sessions import Session
from toegang.errors import DocumentRefused, Malformed, Misconfigured, Unavailable
from toegang.jose.segments import decode, encode

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.watch import Catalogue
    from toegang.emrtd.card_login import VerifiedCard
    from toegang.emrtd.terminals import Terminal
    from toegang.means.card.terminals import TerminalFolder
    from toegang.means.card.values import CardStore
    from toegang.means.citizen.desk import Desk
    from toegang.means.document.trusting import TrustFolder
    from toegang.means.life.reports import Reports
    from toegang.means.reader.conversation import Round, Talk
    from toegang.registers.cards import Cards

LONGEST_GIVEN = 4096
MOST_AUTHORITIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesk:
    """Everything the journeys need; `account` is the desk of the citizen account."""

    account: Desk
    register: Cards
    cards: CardStore
    terminal: TerminalFolder
    trust: TrustFolder
    catalogue: Catalogue
    reports: Reports

    def template(self, now: datetime) -> str:
        """Return our role and rights, for the reader to tell the card with the PIN.

        Raises:
            Unavailable: no card would take our certificates now.

        """
        return encode(self._terminal(now).certificate.template)

    def read(self, talk: Talk, now: datetime) -> Round | VerifiedCard:
        """Hold the conversation with a card, up to now, bound to what its session is about.

        Raises:
            Malformed: the reader did not say how it opened the card.
            DocumentRefused: the card is not believed.
            Unavailable: no card would take our certificates now.

        """
        check = CardCheck(
            session=Session(nonce=talk.nonce, secret=talk.secret),
            asked=talk.subject.encode(),
            terminal=self._terminal(now),
            trust=self.trust.trust(now),
        )
        opened = read_opened(talk.said[0].given)
        return advance(check, opened, [each.answers for each in talk.said[1:]], now)

    def _terminal(self, now: datetime) -> Terminal:
        """Return who we are; at start it was there, so that what is wrong now is no fault of who comes."""
        try:
            return self.terminal.terminal(now)
        except Misconfigured as fault:
            raise Unavailable(fault.detail) from fault


def read_opened(given: bytes) -> Opened:
    """Read what a reader says of the opening.

    Raises:
        Malformed: it does not say it, or says what no card says.

    """
    try:
        found: Any = json.loads(given)
        authorities = found["authorities"]
        if not isinstance(authorities, list) or not 1 <= len(authorities) <= MOST_AUTHORITIES:
            raise Malformed
        return Opened(
            card_access=_octets(found["card_access"]),
            chip=_octets(found["chip"]),
            authorities=tuple(_octets(each) for each in authorities),
        )
    except (ValueError, KeyError, TypeError, DocumentRefused):
        message = "not how a card was opened"
        raise Malformed(message) from None


def _octets(value: object) -> bytes:
    if not isinstance(value, str) or not value:
        raise Malformed
    return decode(value)
