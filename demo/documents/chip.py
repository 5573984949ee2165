"""A chip in software: it answers commands as a chip does, with the keys of one document.

It keeps state, as a chip does between two commands; taking it off the reader (`reset`) forgets all of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from demo.documents.chip_pace import ChipPace
from demo.documents.ciphering import (
    Protection,
    coded,
    data_of,
    derived,
    enciphered,
    filled,
    objects_of,
)
from demo.documents.encoding import oid_value, tlv
from demo.documents.papers import Paper

OK: Final = 0x9000
NOT_FOUND: Final = 0x6A82
NOT_ALLOWED: Final = 0x6982
WRONG: Final = 0x6300
NOT_THIS: Final = 0x6A80
NO_SUCH: Final = 0x6D00
BROKEN: Final = 0x6988
Answer = tuple[bytes, int]


@dataclass(kw_only=True)
class SoftwareChip:
    """One chip. `random` may be replaced by one that repeats itself."""

    paper: Paper
    random: Callable[[int], bytes] = os.urandom
    master: bool = field(default=True, init=False)
    selected: bytes | None = field(default=None, init=False)
    opened: bool = field(default=False, init=False)
    channel: Protection | None = field(default=None, init=False)
    challenge: bytes = field(default=b"", init=False)
    agreeing: str = field(default="", init=False)
    next_channel: Protection | None = field(default=None, init=False)
    _pace: ChipPace | None = field(default=None, init=False)

    def reset(self) -> None:
        """Take it off the reader and put it on again."""
        self.master, self.selected, self.opened = True, None, False
        self.channel = self.next_channel = self._pace = None
        self.challenge, self.agreeing = b"", ""

    def send(self, command: bytes) -> bytes:
        """Answer one command."""
        if not command[0] & 0x0C:
            data, status = self._answer(
                command[:4], plain_data(command), protected=False, wanted=_plain_wanted(command)
            )
            self._switch()
            return data + status.to_bytes(2, "big")
        if self.channel is None:
            return NOT_ALLOWED.to_bytes(2, "big")
        plain = self.channel.unwrap(command)
        if plain is None:
            self.channel, self.opened = None, False
            return BROKEN.to_bytes(2, "big")
        data, status = self._answer(command[:4], plain, protected=True, wanted=_wanted(command))
        answer = self.channel.wrap(data, status)
        self._switch()
        return answer

    def _switch(self) -> None:
        """Let a new channel count from the next command on."""
        if self.next_channel is not None:
            self.channel, self.next_channel, self.opened = self.next_channel, None, True

    def _answer(self, header: bytes, data: bytes, *, protected: bool, wanted: int = 256) -> Answer:
        # A channel that is left open by a command outside it is over.
        if self.channel and not protected:
            self.channel, self.opened = None, False
        acts: dict[int, Callable[[], Answer]] = {
            0xA4: lambda: self._select(header, data),
            0xB0: lambda: self._read(header, wanted),
            0x84: self._get_challenge,
            0x82: lambda: self._external(data),
            0x88: lambda: self._internal(data),
            0x22: lambda: self._manage(header, data),
            0x86: lambda: self._general(data),
        }
        act = acts.get(header[1])
        return act() if act else (b"", NO_SUCH)

    def _select(self, header: bytes, data: bytes) -> Answer:
        if header[2] == 0x04:  # noqa: PLR2004 by name
            if data != self.paper.application:
                return b"", NOT_FOUND
            self.master = False
            return b"", OK
        found = self._file(int.from_bytes(data, "big") & 0xFF)
        if found is None:
            return b"", NOT_FOUND
        self.selected = found
        return b"", OK

    def _file(self, short: int) -> bytes | None:
        if self.master:
            return self.paper.card_access if short == 0x1C else None  # noqa: PLR2004 EF.CardAccess
        if not self.opened:
            return None
        special = {0x1E: self.paper.com, 0x1D: self.paper.security_object}
        return special.get(short) or self.paper.groups.get(short)

    def _read(self, header: bytes, wanted: int) -> Answer:
        offset = int.from_bytes(header[2:], "big")
        if header[2] & 0x80:
            self.selected, offset = self._file(header[2] & 0x1F), header[3]
        if self.selected is None:
            return b"", NOT_FOUND
        return self.selected[offset : offset + wanted], OK

    def _get_challenge(self) -> Answer:
        self.challenge = self.random(8)
        return self.challenge, OK

    def _external(self, data: bytes) -> Answer:
        """ICAO 9303-11, 4.3: basic access."""
        if not self.paper.features.basic or not self.challenge:
            return b"", NOT_ALLOWED
        seed = hashlib.sha1(self.paper.opens.encode(), usedforsecurity=False).digest()[:16]
        encryption, authentication = derived(seed, 1, 1), derived(seed, 2, 1)
        sealed, code = data[:32], data[32:]
        if coded(1, authentication, filled(sealed, 8)) != code:
            return b"", WRONG
        opened = enciphered(1, encryption, bytes(8), sealed, back=True)
        theirs, mine, half = opened[:8], opened[8:16], opened[16:]
        if mine != self.challenge:
            return b"", WRONG
        own = self.random(16)
        answer = enciphered(1, encryption, bytes(8), mine + theirs + own)
        secret = bytes(a ^ b for a, b in zip(half, own, strict=True))
        self.next_channel = Protection.of(1, secret, int.from_bytes(mine[4:] + theirs[4:], "big"))
        return answer + coded(1, authentication, filled(answer, 8)), OK

    def _internal(self, data: bytes) -> Answer:
        """ICAO 9303-11, 6.1: active authentication."""
        key = self.paper.active_key
        if key is None or not self.opened:
            return b"", NOT_ALLOWED
        if isinstance(key, rsa.RSAPrivateKey):
            return recoverable(key, data, self.random), OK
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        size = (key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big"), OK

    def _manage(self, header: bytes, data: bytes) -> Answer:
        usage, objects = int.from_bytes(header[2:], "big"), objects_of(data)
        features = self.paper.features
        if usage == 0xC1A4 and features.pace:  # noqa: PLR2004 PACE
            if objects.get(0x80) != oid_value(features.way):
                return b"", NOT_THIS
            secret = self.paper.can.encode()
            if objects[0x83] == b"\x01":
                secret = hashlib.sha1(self.paper.opens.encode(), usedforsecurity=False).digest()
            self._pace = ChipPace(features, secret, self.random)
            self.agreeing = "pace"
            return b"", OK
        if usage == 0x41A6 and features.chip == 1 and self.opened:  # noqa: PLR2004 3DES
            return self._agree(objects[0x91]), OK
        if usage == 0x41A4 and features.chip and self.opened:  # noqa: PLR2004 AES
            self.agreeing = "chip"
            return b"", OK
        return b"", NOT_THIS

    def _general(self, data: bytes) -> Answer:
        inner = objects_of(objects_of(data)[0x7C])
        if self.agreeing == "chip":
            self._agree(inner[0x80])
            return tlv(0x7C), OK
        if self._pace is None:
            return b"", NOT_ALLOWED
        answer = self._pace.step(inner)
        if answer is None:
            self._pace = None
            return b"", WRONG
        self.next_channel = self._pace.channel
        return tlv(0x7C, answer), OK

    def _agree(self, point: bytes) -> bytes:
        """ICAO 9303-11, 6.2: chip authentication."""
        key = self.paper.chip_key
        if key is None or self.paper.features.chip is None:
            raise TypeError(key)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point)
        self.next_channel = Protection.of(self.paper.features.chip, key.exchange(ec.ECDH(), theirs))
        return b""


def recoverable(
    key: rsa.RSAPrivateKey, asked: bytes, random: Callable[[int], bytes], hash_name: str = "sha256"
) -> bytes:
    """ISO 9796-2, scheme 1: a signature that holds part of its message."""
    trailer = {"sha1": b"\xbc", "sha224": b"\x38\xcc", "sha256": b"\x34\xcc", "sha512": b"\x35\xcc"}[
        hash_name
    ]
    size, digest = key.key_size // 8, hashlib.new(hash_name, usedforsecurity=False).digest_size
    part = random(size - digest - len(trailer) - 1)
    hashed = hashlib.new(hash_name, part + asked, usedforsecurity=False).digest()
    numbers = key.private_numbers()
    block = int.from_bytes(b"\x6a" + part + hashed + trailer, "big")
    return pow(block, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


def plain_data(command: bytes) -> bytes:
    """Return the data of a command in the open."""
    return data_of(command) if len(command) > 5 else b""  # noqa: PLR2004 header and what is asked back


def _plain_wanted(command: bytes) -> int:
    """Return how many octets a short command in the open asks back."""
    rest = command[4:] if len(command) == 5 else command[5 + len(plain_data(command)) :]  # noqa: PLR2004 as above
    return int.from_bytes(rest, "big") or 256


def _wanted(command: bytes) -> int:
    expected = objects_of(data_of(command)).get(0x97, b"\x00")
    return int.from_bytes(expected, "big") or 1 << 8 * len(expected)
