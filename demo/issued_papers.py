"""The passports, cards and licences of the demo: who has which, and the two authorities that sign them.

papers/travel/    the authority of passports and identity cards: its key, and in `trust` what the hub believes
papers/licence/   the same of driving licences

Keys of authorities stay from one start to the next; lists of revoked certificates are made anew, so that they
are fresh. A document is made when it is first laid on the reader, with new keys in its chip.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from demo.documents.papers import Features, Paper, driving_licence, identity_card, passport
from demo.documents.states import State, elliptic
from demo.documents.zones import Person
from demo.personas import read_personas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from demo.documents.states import Held
    from demo.personas import Persona
    from demo.places import Places

TRAVEL: Final = "travel"
LICENCE: Final = "licence"
PASSPORT: Final = "passport"
CARD: Final = "identity-card"
DRIVING: Final = "driving-licence"
LAST_DAY: Final = date(2034, 6, 25)
IN_LATIN: Final = {"olena": ("Shevchenko", "Olena")}
"""How a name in another script is printed; whose it is, is then known by the BSN."""
ADULT: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One document: whose, which, its number, and what the register says of it.

    `copied` is a copy of all that can be read, without the keys that never leave a chip.
    """

    persona: str
    kind: str
    number: str
    status: str = "in-circulation"
    last_day: date = LAST_DAY
    copied: bool = False
    holder: Person = field(repr=False)


def prepare(places: Places) -> None:
    """Make the keys of the authorities, once, and what the hub must know of them, each time."""
    for which in (TRAVEL, LICENCE):
        key = _folder(places, which) / "authority.pem"
        if not key.exists():
            octets = elliptic().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write(key, octets)
        state = state_of(places, which)
        _write(trust(places, which) / "authorities" / "state.der", state.authority.certificate)
        _write(trust(places, which) / "lists" / "state.crl", state.revoked())


def trust(places: Places, which: str) -> Path:
    """Return the folder with whom the hub believes."""
    return _folder(places, which) / "trust"


def state_of(places: Places, which: str) -> State:
    """Return an authority, by its key."""
    key = load_pem_private_key((_folder(places, which) / "authority.pem").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(key)
    return State.founded(datetime.now(UTC), key=key)


def issued() -> list[Issued]:
    """Return every document of the demo."""
    found = [each for number, persona in enumerate(read_personas()) for each in _of(persona, number)]
    sanne = next(each for each in found if each.persona == "sanne")
    return [
        *found,
        replace(sanne, number="DEMOS0001", status="stolen"),
        replace(sanne, number="DEMOE0001", last_day=datetime.now(UTC).date() - timedelta(days=1)),
        replace(sanne, number="DEMOC0001", copied=True),
    ]


def made(document: Issued, signers: dict[str, Held]) -> Paper:
    """Make a document."""
    if document.kind == DRIVING:
        features = Features(active="ecdsa", pace=None)
        return driving_licence(
            document.holder,
            signers[LICENCE],
            number=document.number,
            expiry=document.last_day,
            features=features,
        )
    make = passport if document.kind == PASSPORT else identity_card
    paper = make(document.holder, signers[TRAVEL], number=document.number, expiry=document.last_day)
    if document.copied:
        other = make(document.holder, signers[TRAVEL], number=document.number, expiry=document.last_day)
        paper = replace(paper, active_key=other.active_key, chip_key=other.chip_key)
    return paper


def _of(persona: Persona, number: int) -> Iterator[Issued]:
    """Give somebody a passport and a card, and a licence to who is old enough and printed as registered."""
    record = persona.record
    if record["birthDate"].endswith("-00"):
        return  # a birth of which no day is known is a story of the register
    names, birth = record["names"], date.fromisoformat(record["birthDate"])
    family = f"{names['prefix']} {names['family']}".strip()
    printed, given = IN_LATIN.get(persona.id, (family, names["given"]))
    holder = Person(family_name=printed, given_names=given, birth=birth, bsn=persona.bsn)
    yield Issued(persona=persona.id, kind=PASSPORT, number=f"DEMOP{number:04d}", holder=holder)
    yield Issued(persona=persona.id, kind=CARD, number=f"DEMOK{number:04d}", holder=holder)
    if persona.id not in IN_LATIN and given and datetime.now(UTC).year - birth.year > ADULT:
        yield Issued(persona=persona.id, kind=DRIVING, number=f"40000000{number:02d}", holder=holder)


def _folder(places: Places, which: str) -> Path:
    return places.home / "papers" / which


def _write(path: Path, octets: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(octets)
