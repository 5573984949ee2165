"""Cards of one state, a terminal that they know, and a reader between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from demo.documents.card_issuing import CardChain
from demo.documents.card_reader import CardReader
from demo.documents.cards import Plastic, SoftwareCard, card
from tests.emrtd.sample import NOW, signer, trust
from toegang.emrtd.card_login import CardCheck, Opened, VerifiedCard, advance
from toegang.emrtd.rounds import Round
from toegang.emrtd.sessions import Session
from toegang.emrtd.terminals import Terminal

TODAY = NOW.date()
END = date(2031, 6, 25)
PIN = "246810"


@cache
def chain() -> CardChain:
    return CardChain.founded(TODAY)


@cache
def terminal() -> Terminal:
    return Terminal.of(chain().certificates, chain().terminal.key, TODAY)


@cache
def _made(kind: str) -> Plastic:
    return card(kind, signer(), known(), expiry=END)


def plastic(kind: str = "identity-card") -> Plastic:
    """Return a card of this kind as it left the factory."""
    return replace(_made(kind))


def known() -> tuple[bytes, ec.EllipticCurvePublicKey]:
    """Whom cards know."""
    return chain().authority.holder, chain().authority.key.public_key()


def check(number: int = 1, asked: bytes = b"a login") -> CardCheck:
    """Return a check; another number is another session."""
    session = Session(nonce=bytes([number]) * 32, secret=bytes([0x80 | number]) * 32)
    return CardCheck(session=session, asked=asked, terminal=terminal(), trust=trust())


def reader_with(made: Plastic) -> CardReader:
    return CardReader(card=SoftwareCard(plastic=made, today=TODAY))


def opened_by(reader: CardReader, pin: str = PIN, template: bytes | None = None) -> Opened:
    """Open the card, and return what a reader says of that."""
    said = reader.open(pin, terminal().certificate.template if template is None else template)
    return Opened(card_access=said.card_access, chip=said.chip, authorities=said.authorities)


def relayed(made: Plastic, asked: CardCheck, opened: Opened | None = None) -> tuple[Opened, list[Round]]:
    """Relay until all was said; return what the reader and the card said."""
    reader = reader_with(made)
    said = opened_by(reader)
    said = opened or said
    answers: list[Round] = []
    while isinstance(sent := advance(asked, said, answers, NOW), tuple):
        answers.append(reader.relay(sent))
    return said, answers


def logged_in(made: Plastic, asked: CardCheck | None = None) -> VerifiedCard:
    """Return what is believed of a card after a whole conversation."""
    asked = asked or check()
    said, answers = relayed(made, asked)
    found = advance(asked, said, answers, NOW)
    if not isinstance(found, VerifiedCard):
        raise TypeError(found)
    return found
