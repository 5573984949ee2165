"""The cards of the demo: made once, with real keys, by a state and an authority for terminals.

cards/cards.json         what the cards are made of: for the process that holds them
cards/trust/             whom the hub believes of cards
cards/terminal/          by what cards know the hub
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from demo.documents.card_issuing import CardChain
from demo.documents.cards import Plastic, card
from demo.documents.papers import Features
from demo.documents.states import State
from demo.personas import read_personas

if TYPE_CHECKING:
    from pathlib import Path

    from demo.places import Places

ISSUED = (
    ("sanne", "identity-card", "SPECI2027", "issued", "246810", "11223344"),
    ("sanne", "driving-licence", "5094962111", "returned", "135790", "55667788"),
    ("maximiliaan", "driving-licence", "5094962112", "active", "135791", "55667789"),
    ("fatima", "identity-card", "SPECI2028", "blocked", "246811", "11223345"),
    ("ahmet", "identity-card", "SPECI2030", "issued", "246813", "11223347"),
    ("olena", "identity-card", "SPECI2029", "active", "246812", "11223346"),
)
"""Whose, which, its number, its state, its PIN and what unblocks that. All of it fake."""
LAST_DAY = date(2034, 6, 25)


@dataclass(kw_only=True)
class IssuedCard:
    """One card: what it is made of, and what its issuer keeps of it."""

    persona: str
    bsn: str = field(repr=False)
    number: str
    status: str
    by_holder: bool = False
    plastic: Plastic

    @property
    def chip(self) -> str:
        """The SHA-256 of the key of its chip, in hexadecimal digits."""
        public = self.plastic.chip_key.public_key()
        octets = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(octets).hexdigest()

    @property
    def record(self) -> dict[str, Any]:
        """It as docs/protocols/card-register.md has it."""
        return {
            "chip": self.chip,
            "number": self.number,
            "kind": self.plastic.kind,
            "holder": self.bsn,
            "status": self.status,
            "byHolder": self.by_holder,
            "until": self.plastic.expiry.isoformat(),
        }


def folder(places: Places) -> Path:
    """Return where everything about cards is."""
    return places.home / "cards"


def prepare(places: Places) -> None:
    """Make the cards, once, and what the hub must know of them."""
    if not (folder(places) / "cards.json").exists():
        make(folder(places), datetime.now(UTC))


def make(made: Path, now: datetime) -> None:
    """Make the cards in a folder, and what a hub must know of them."""
    state, chain = State.founded(now), CardChain.founded(now.date())
    signer, known = state.signer(), (chain.authority.holder, chain.authority.key.public_key())
    bsns = {persona.id: persona.bsn for persona in read_personas()}
    cards = [
        IssuedCard(
            persona=persona,
            bsn=bsns[persona],
            number=number,
            status=status,
            plastic=card(kind, signer, known, expiry=LAST_DAY, pin=pin, unblocking=unblocking),
        )
        for persona, kind, number, status, pin, unblocking in ISSUED
    ]
    _write(made / "trust" / "authorities" / "state.der", state.authority.certificate)
    _write(made / "trust" / "lists" / "state.crl", state.revoked())
    for at, certificate in enumerate(chain.certificates, start=1):
        _write(made / "terminal" / f"{at}.cvcert", certificate)
    _write(made / "terminal" / "terminal.pem", _pem(chain.terminal.key))
    written = [_written(each, known) for each in cards]
    _write(made / "cards.json", json.dumps(written).encode())


def read(made: Path) -> list[IssuedCard]:
    """Read them."""
    return [_read(each) for each in json.loads((made / "cards.json").read_text())]


def _write(path: Path, octets: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(octets)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _written(issued: IssuedCard, known: tuple[bytes, ec.EllipticCurvePublicKey]) -> dict[str, str]:
    plastic = issued.plastic
    return {
        "persona": issued.persona,
        "bsn": issued.bsn,
        "number": issued.number,
        "status": issued.status,
        "kind": plastic.kind,
        "expiry": plastic.expiry.isoformat(),
        "card_access": plastic.card_access.hex(),
        "card_security": plastic.card_security.hex(),
        "chip_key": _pem(plastic.chip_key).decode(),
        "pin": plastic.pin,
        "unblocking": plastic.unblocking,
        "authority": known[0].decode(),
        "authority_key": known[1].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    }


def _read(found: dict[str, str]) -> IssuedCard:
    key = load_pem_private_key(found["chip_key"].encode(), None)
    authority = load_pem_public_key(found["authority_key"].encode())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(
        authority, ec.EllipticCurvePublicKey
    ):
        raise TypeError(key)
    plastic = Plastic(
        kind=found["kind"],
        expiry=date.fromisoformat(found["expiry"]),
        card_access=bytes.fromhex(found["card_access"]),
        card_security=bytes.fromhex(found["card_security"]),
        chip_key=key,
        authority=(found["authority"].encode(), authority),
        pin=found["pin"],
        unblocking=found["unblocking"],
        features=Features(),
    )
    return IssuedCard(
        persona=found["persona"],
        bsn=found["bsn"],
        number=found["number"],
        status=found["status"],
        plastic=plastic,
    )
