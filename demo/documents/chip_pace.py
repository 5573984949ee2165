"""A chip's side of PACE, for documents and for cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from demo.documents.ciphering import Field, Protection, coded, derived, enciphered, filled
from demo.documents.encoding import oid_value, tlv
from demo.documents.papers import CURVES, Features

MAPPING: Final = 0x81
AGREEMENT: Final = 0x83
CODE: Final = 0x85


class ChipPace:
    """ICAO 9303-11, 4.4: the chip's steps. `ending` is what it says with its code."""

    def __init__(
        self, features: Features, secret: bytes, random: Callable[[int], bytes], ending: bytes = b""
    ) -> None:
        """Begin, with the octets of a password."""
        self.suite = features.pace or 0
        self.protocol = oid_value(features.way)
        self.field = Field.of(CURVES[features.curve])
        self.random = random
        self.ending = ending
        self.key = derived(secret, 3, self.suite)
        self.nonce = b""
        self.generator = self.public = self.theirs = (0, 0)
        self.pending: Protection | None = None
        self.channel: Protection | None = None

    def step(self, data: dict[int, bytes]) -> bytes | None:
        """Answer one step; None when the reader does not know the password."""
        if MAPPING in data:
            return tlv(0x82, self._map(data[MAPPING]))
        if AGREEMENT in data:
            return tlv(0x84, self._agree(data[AGREEMENT]))
        if CODE in data:
            return self._confirm(data[CODE])
        self.nonce = self.random(16)
        block = 8 if self.suite == 1 else 16
        return tlv(0x80, enciphered(self.suite, self.key, bytes(block), self.nonce))

    def _private(self) -> int:
        return int.from_bytes(self.random(self.field.size + 8), "big") % (self.field.n - 1) + 1

    def _map(self, octets: bytes) -> bytes:
        private = self._private()
        shared = self.field.times(private, self.field.point(octets))
        mapped = self.field.plus(self.field.times(int.from_bytes(self.nonce, "big"), self.field.g), shared)
        if mapped is None:
            raise ValueError(octets)
        self.generator = mapped
        return self.field.octets(self.field.times(private, self.field.g))

    def _agree(self, octets: bytes) -> bytes:
        private = self._private()
        self.theirs = self.field.point(octets)
        self.public = self.field.times(private, self.generator)
        secret = self.field.times(private, self.theirs)[0].to_bytes(self.field.size, "big")
        self.pending = Protection.of(self.suite, secret)
        return self.field.octets(self.public)

    def _confirm(self, code: bytes) -> bytes | None:
        if self.pending is None or code != self._code(self.public):
            return None
        self.channel = self.pending
        return tlv(0x86, self._code(self.theirs)) + self.ending

    def _code(self, point: tuple[int, int]) -> bytes:
        if self.pending is None:
            raise TypeError(point)
        data = tlv(0x7F49, tlv(0x06, self.protocol), tlv(0x86, self.field.octets(point)))
        return coded(self.suite, self.pending.authentication, filled(data, 8) if self.suite == 1 else data)
