"""Cards to log in with: an identity card and a driving licence with e-function, in software."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from demo.documents.chip import (
    BROKEN,
    NO_SUCH,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_THIS,
    OK,
    WRONG,
    Answer,
    plain_data,
)
from demo.documents.chip_pace import CODE, ChipPace
from demo.documents.ciphering import Protection, coded, data_of, objects_of
from demo.documents.encoding import integer, oid, oid_value, sequence, set_of, tlv
from demo.documents.papers import CHIP, PACE, Features
from demo.documents.signing import Manner, signed_data
from demo.documents.states import Held, elliptic, public_octets

_BSI: Final = "0.4.0.127.0.7"
E_FUNCTION: Final = bytes.fromhex("E80704007F00070302")
SECURITY_OBJECT: Final = f"{_BSI}.3.2.1"
TERMINALS: Final = f"{_BSI}.2.2.2"
PIN: Final = 3
UNBLOCKING: Final = 4
TRIES: Final = 3
_CAN_ALLOWED: Final = 1 << 4
_KINDS: Final = {"identity-card": b"ID", "driving-licence": b"DL"}


@dataclass(kw_only=True)
class Plastic:
    """What a card is made of: its files, its keys, what opens it, and whom it lets ask.

    `authority` is the reference and key of who lets terminals ask. `tries` are left before it is blocked.
    """

    kind: str
    expiry: date
    card_access: bytes = field(repr=False)
    card_security: bytes = field(repr=False)
    chip_key: ec.EllipticCurvePrivateKey = field(repr=False)
    authority: tuple[bytes, ec.EllipticCurvePublicKey]
    pin: str = field(repr=False)
    unblocking: str = field(repr=False)
    tries: int = TRIES
    features: Features

    @property
    def files(self) -> dict[int, bytes]:
        """The data groups of the e-function that exist here."""
        day = self.expiry.strftime("%Y%m%d").encode()
        return {1: tlv(0x61, tlv(0x13, _KINDS[self.kind])), 3: tlv(0x63, tlv(0x12, day))}


def card(  # noqa: PLR0913 what a state decides of a card
    kind: str,
    signer: Held,
    authority: tuple[bytes, ec.EllipticCurvePublicKey],
    *,
    expiry: date,
    pin: str = "246810",
    unblocking: str = "11223344",
    features: Features | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Plastic:
    """Return a new card."""
    features = features or Features()
    chip_key = key or elliptic(features.chip_curve)
    said = open_infos(features)
    signed = set_of(
        *said,
        sequence(oid(f"{CHIP}.{features.chip}"), integer(2), integer(1)),
        sequence(oid(f"{_BSI}.2.2.1.2"), public_octets(chip_key), integer(1)),
    )
    return Plastic(
        kind=kind,
        expiry=expiry,
        card_access=set_of(*said),
        card_security=signed_data(signed, signer, Manner(content_type=SECURITY_OBJECT)),
        chip_key=chip_key,
        authority=authority,
        pin=pin,
        unblocking=unblocking,
        features=features,
    )


def open_infos(features: Features) -> list[bytes]:
    """Return what a card says of itself to everybody."""
    named = sequence(oid(f"{_BSI}.1.2"), integer(features.curve))
    return [
        sequence(oid(f"{PACE}.{features.mapping}.{features.pace}"), integer(2), integer(features.curve)),
        sequence(oid(TERMINALS), integer(2)),
        sequence(oid(CHIP), named, integer(1)),
    ]


@dataclass(kw_only=True)
class SoftwareCard:
    """A card on a reader; what it is made of stays when it is taken off (`reset`)."""

    plastic: Plastic
    today: date
    random: Callable[[int], bytes] = os.urandom
    channel: Protection | None = field(default=None, init=False)
    next_channel: Protection | None = field(default=None, init=False)
    selected: bytes | None = field(default=None, init=False)
    inside: bool = field(default=False, init=False)
    secret: int = field(default=0, init=False)
    opened_with: int = field(default=0, init=False)
    asked_rights: int = field(default=0, init=False)
    granted: int = field(default=0, init=False)
    challenge: bytes = field(default=b"", init=False)
    ephemeral: bytes = field(default=b"", init=False)
    chip_proven: bool = field(default=False, init=False)
    agreeing: str = field(default="", init=False)
    _pace: ChipPace | None = field(default=None, init=False)
    _chain: dict[bytes, tuple[int, int, ec.EllipticCurvePublicKey]] = field(default_factory=dict, init=False)
    _issuer: bytes = field(default=b"", init=False)
    _holder: bytes = field(default=b"", init=False)

    def reset(self) -> None:
        """Take it off the reader and put it on again."""
        for each in fields(self):
            if each.init:
                continue
            if each.default_factory is not MISSING:
                setattr(self, each.name, each.default_factory())
            else:
                setattr(self, each.name, each.default)

    @property
    def picture(self) -> bytes:
        """The short form of its ephemeral key in this opening."""
        return (
            self._pace.field.octets(self._pace.public)[1 : 1 + self._pace.field.size] if self._pace else b""
        )

    def send(self, command: bytes) -> bytes:
        """Answer one command."""
        if not command[0] & 0x0C:
            if self.channel is not None:
                self.reset()
                return NOT_ALLOWED.to_bytes(2, "big")
            data, status = self._answer(command[:4], plain_data(command), _wanted(command))
            self._switch()
            return data + status.to_bytes(2, "big")
        plain = self.channel.unwrap(command) if self.channel else None
        if plain is None or self.channel is None:
            self.reset()
            return BROKEN.to_bytes(2, "big")
        expected = objects_of(data_of(command)).get(0x97, b"\x00")
        data, status = self._answer(command[:4], plain, int.from_bytes(expected, "big") or 256)
        answer = self.channel.wrap(data, status)
        self._switch()
        return answer

    def _switch(self) -> None:
        if self.next_channel is not None:
            self.channel, self.next_channel = self.next_channel, None

    def _answer(self, header: bytes, data: bytes, wanted: int) -> Answer:
        acts: dict[int, Callable[[], Answer]] = {
            0xA4: lambda: self._select(header, data),
            0xB0: lambda: self._read(header, wanted),
            0x22: lambda: self._manage(header, data),
            0x86: lambda: self._general(data),
            0x2A: lambda: self._verify(data),
            0x84: self._draw,
            0x82: lambda: self._terminal(data),
            0x2C: lambda: self._reset_tries(header),
        }
        act = acts.get(header[1])
        try:
            return act() if act else (b"", NO_SUCH)
        except (KeyError, IndexError, ValueError):
            return b"", NOT_THIS

    def _select(self, header: bytes, data: bytes) -> Answer:
        if header[2] == 0x04:  # noqa: PLR2004 by name
            self.inside = data == E_FUNCTION
            return b"", OK if self.inside else NOT_FOUND
        self.selected = {
            0x011C: self.plastic.card_access,
            0x011D: self.plastic.card_security if self.opened_with else None,
        }.get(int.from_bytes(data, "big"))
        return b"", OK if self.selected is not None else NOT_FOUND

    def _read(self, header: bytes, wanted: int) -> Answer:
        offset = int.from_bytes(header[2:], "big")
        if header[2] & 0x80:
            number, offset = header[2] & 0x1F, header[3]
            # TR-03110-2, 2.3.1: only to a terminal that proved itself, in the channel with it.
            if not (self.inside and self.chip_proven and self.granted >> (7 + number) & 1):
                return b"", NOT_ALLOWED
            self.selected = self.plastic.files.get(number)
        if self.selected is None:
            return b"", NOT_FOUND
        return self.selected[offset : offset + wanted], OK

    def _manage(self, header: bytes, data: bytes) -> Answer:
        usage, objects = int.from_bytes(header[2:], "big"), parts_of(data)
        if usage == 0xC1A4:  # noqa: PLR2004 PACE
            return self._begin(objects)
        if usage == 0x81B6 and self.opened_with:  # noqa: PLR2004 a certificate follows
            self._issuer = objects[0x83]
            return b"", OK
        if usage == 0x81A4 and self.opened_with:  # noqa: PLR2004 a terminal follows
            self._holder, self.ephemeral = objects[0x83], objects[0x91]
            return b"", OK
        if usage == 0x41A4 and self.ephemeral and self.granted:  # noqa: PLR2004 chip authentication
            self.agreeing = "chip"
            return b"", OK
        return b"", NOT_THIS

    def _begin(self, objects: dict[int, bytes]) -> Answer:
        features, plastic = self.plastic.features, self.plastic
        self.secret = objects[0x83][0]
        if objects[0x80] != oid_value(features.way) or self.secret not in {PIN, UNBLOCKING}:
            return b"", NOT_THIS
        if self.secret == PIN and not plastic.tries:
            return b"", 0x63C0
        template = parts_of(objects.get(0x7F4C, b""))
        self.asked_rights = int.from_bytes(template.get(0x53, b""), "big")
        secret = plastic.pin if self.secret == PIN else plastic.unblocking
        known = tlv(0x87, plastic.authority[0])
        self._pace = ChipPace(features, secret.encode(), self.random, known)
        self.agreeing = "pace"
        return b"", OK

    def _general(self, data: bytes) -> Answer:
        inner = objects_of(objects_of(data)[0x7C])
        if self.agreeing == "chip":
            return self._agree(inner[0x80])
        if self._pace is None or self.agreeing != "pace":
            return b"", NOT_ALLOWED
        if CODE in inner and self.secret == PIN:
            self.plastic.tries -= 1
        answer = self._pace.step(inner)
        if answer is None:
            self._pace = None
            return b"", 0x63C0 + self.plastic.tries if self.secret == PIN else WRONG
        if self._pace.channel is not None:
            self.next_channel, self.opened_with = self._pace.channel, self.secret
            self._chain = {self.plastic.authority[0]: (3, (1 << 40) - 1, self.plastic.authority[1])}
            if self.secret == PIN:
                self.plastic.tries = TRIES
        return tlv(0x7C, answer), OK

    def _verify(self, data: bytes) -> Answer:
        """TR-03110-3, 2.4.1: one certificate of a chain."""
        parts = parts_of(data)
        body, fields = tlv(0x7F4E, parts[0x7F4E]), parts_of(parts[0x7F4E])
        role, rights, key = self._chain[self._issuer]
        below = int.from_bytes(parts_of(fields[0x7F4C])[0x53], "big")
        allowed = below >> 38 in ({1, 2, 3} if role == 3 else {0} if role in {1, 2} else set())  # noqa: PLR2004
        if fields[0x42] != self._issuer or not allowed or not _holds(key, parts[0x5F37], body):
            return b"", WRONG
        if not _day(fields[0x5F25]) <= self.today <= _day(fields[0x5F24]):
            return b"", WRONG
        public = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, parts_of(fields[0x7F49])[0x86])
        self._chain[fields[0x5F20]] = (below >> 38, rights & below & (1 << 38) - 1, public)
        return b"", OK

    def _draw(self) -> Answer:
        self.challenge = self.random(8)
        return self.challenge, OK

    def _terminal(self, signature: bytes) -> Answer:
        """TR-03110-2, 3.3: the terminal signs for this opening, this challenge and its ephemeral key."""
        role, rights, key = self._chain[self._holder]
        asked, self.challenge = self.picture + self.challenge + self.ephemeral, b""
        by_pin = self.opened_with == PIN or rights & _CAN_ALLOWED
        if role != 0 or not by_pin or not _holds(key, signature, asked):
            return b"", WRONG
        self.granted = rights & self.asked_rights
        return b"", OK

    def _agree(self, point: bytes) -> Answer:
        """TR-03110-2, 3.4: with the key that the terminal announced, and no other."""
        size = (len(point) - 1) // 2
        if point[1 : 1 + size] != self.ephemeral:
            return b"", WRONG
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(self.plastic.chip_key.curve, point)
        nonce, suite = self.random(8), self.plastic.features.chip or 0
        made = Protection.of(suite, self.plastic.chip_key.exchange(ec.ECDH(), theirs) + nonce)
        shown = tlv(0x7F49, tlv(0x06, oid_value(f"{CHIP}.{suite}")), tlv(0x86, point))
        self.next_channel, self.chip_proven, self.agreeing = made, True, ""
        return tlv(0x7C, tlv(0x81, nonce), tlv(0x82, coded(suite, made.authentication, shown))), OK

    def _reset_tries(self, header: bytes) -> Answer:
        if header[2:] != b"\x03\x03" or self.opened_with != UNBLOCKING:
            return b"", NOT_ALLOWED
        self.plastic.tries = TRIES
        return b"", OK


def parts_of(data: bytes) -> dict[int, bytes]:
    """Return objects with tags of one or two octets, by their tags."""
    found, at = {}, 0
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 0x1F == 0x1F:  # noqa: PLR2004 a second octet follows
            tag, at = tag << 8 | data[at], at + 1
        size, at = data[at], at + 1
        if size > 0x80:  # noqa: PLR2004 the long form
            count = size - 0x80
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        found[tag] = data[at : at + size]
        at += size
    return found


def _holds(key: ec.EllipticCurvePublicKey, signature: bytes, what: bytes) -> bool:
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        key.verify(encode_dss_signature(r, s), what, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _day(octets: bytes) -> date:
    year, month, day = (10 * octets[at] + octets[at + 1] for at in (0, 2, 4))
    return date(2000 + year, month, day)


def _wanted(command: bytes) -> int:
    if len(command) == 5:  # noqa: PLR2004 header and what is asked back
        return command[4] or 256
    return 256
