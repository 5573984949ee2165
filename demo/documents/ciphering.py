"""The chip's side of ciphers: keys, codes and protected messages, and points of curves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from demo.documents.encoding import tlv

Point = tuple[int, int] | None
KEY_SIZES: Final = {1: 16, 2: 16, 3: 24, 4: 32}
"""Octets of a key, by the last number of a protocol: 3DES, then AES."""


def derived(secret: bytes, counter: int, suite: int) -> bytes:
    """ICAO 9303-11, 9.7.1."""
    data = secret + bytes((0, 0, 0, counter))
    digest = hashlib.sha256(data) if suite > 2 else hashlib.sha1(data, usedforsecurity=False)  # noqa: PLR2004
    key = digest.digest()[: KEY_SIZES[suite]]
    if suite != 1:
        return key
    return bytes(octet if octet.bit_count() % 2 else octet ^ 1 for octet in key)


def filled(data: bytes, block: int) -> bytes:
    """One bit, then none until the block is full."""
    data += b"\x80"
    return data + b"\x00" * (-len(data) % block)


def emptied(data: bytes) -> bytes:
    """Take that off."""
    return data[: data.rindex(b"\x80")]


def enciphered(suite: int, key: bytes, vector: bytes, data: bytes, *, back: bool = False) -> bytes:
    """Blocks, chained; `back` takes it off."""
    algorithm = TripleDES(key + key[:8]) if suite == 1 else AES(key)
    cipher = Cipher(algorithm, modes.CBC(vector))
    acting = cipher.decryptor() if back else cipher.encryptor()
    return acting.update(data) + acting.finalize()


def coded(suite: int, key: bytes, blocks: bytes) -> bytes:
    """Return the code over whole blocks (3DES), or over anything (AES)."""
    if suite != 1:
        made = CMAC(AES(key))
        made.update(blocks)
        return made.finalize()[:8]
    state = bytes(8)
    for at in range(0, len(blocks), 8):
        state = _single(key[:8], bytes(a ^ b for a, b in zip(state, blocks[at : at + 8], strict=True)))
    return _single(key[:8], _single(key[8:], state, back=True))


def _single(key: bytes, block: bytes, *, back: bool = False) -> bytes:
    cipher = Cipher(TripleDES(key * 3), modes.CBC(bytes(8)))
    acting = cipher.decryptor() if back else cipher.encryptor()
    return acting.update(block) + acting.finalize()


@dataclass(kw_only=True)
class Protection:
    """The chip's end of a channel: it counts as the messages go."""

    suite: int
    encryption: bytes
    authentication: bytes
    count: int = 0

    @classmethod
    def of(cls, suite: int, secret: bytes, count: int = 0) -> Protection:
        """Return a channel from a secret."""
        return cls(
            suite=suite,
            encryption=derived(secret, 1, suite),
            authentication=derived(secret, 2, suite),
            count=count,
        )

    @property
    def block(self) -> int:
        """Octets of a block."""
        return 8 if self.suite == 1 else 16

    def unwrap(self, command: bytes) -> bytes | None:
        """Return the data of a protected command (octets with its objects); None when its code is wrong."""
        self.count += 1
        header, objects = command[:4], objects_of(data_of(command))
        code = objects.pop(0x8E, b"")
        body = b"".join(tlv(tag, value) for tag, value in objects.items())
        message = filled(header, self.block) + (filled(body, self.block) if body else b"")
        if coded(self.suite, self.authentication, self._counter() + message) != code:
            return None
        sealed = objects.get(0x87, b"\x01")[1:] or objects.get(0x85, b"")
        if not sealed:
            return b""
        return emptied(enciphered(self.suite, self.encryption, self._vector(), sealed, back=True))

    def wrap(self, data: bytes, status: int) -> bytes:
        """Return a protected response."""
        self.count += 1
        objects = b""
        if data:
            blocks = filled(data, self.block)
            sealed = enciphered(self.suite, self.encryption, self._vector(), blocks)
            objects += tlv(0x87, b"\x01", sealed)
        objects += tlv(0x99, status.to_bytes(2, "big"))
        code = coded(self.suite, self.authentication, self._counter() + filled(objects, self.block))
        return objects + tlv(0x8E, code) + status.to_bytes(2, "big")

    def _counter(self) -> bytes:
        return self.count.to_bytes(self.block, "big")

    def _vector(self) -> bytes:
        if self.suite == 1:
            return bytes(8)
        return enciphered(self.suite, self.encryption, bytes(16), self._counter())


def data_of(command: bytes) -> bytes:
    """Return the data of a command, short or extended."""
    if command[4]:
        return command[5 : 5 + command[4]]
    return command[7 : 7 + int.from_bytes(command[5:7], "big")]


def objects_of(data: bytes) -> dict[int, bytes]:
    """Return objects with tags of one octet, by their tags."""
    found, at = {}, 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size > 0x80:  # noqa: PLR2004 the long form
            size, at = int.from_bytes(data[at : at + size - 0x80], "big"), at + size - 0x80
        found[tag] = data[at : at + size]
        at += size
    return found


@dataclass(frozen=True, kw_only=True)
class Field:
    """A curve, as far as a chip adds its points: slowly, and by the book."""

    p: int
    a: int
    n: int
    g: tuple[int, int]

    @classmethod
    def of(cls, curve: type[ec.EllipticCurve]) -> Field:
        """Return the curve of this name. Its prime and `a` stand in RFC 5639 and FIPS 186."""
        p, a, n = _PARAMETERS[curve().name]
        one = ec.derive_private_key(1, curve()).public_key().public_numbers()
        return cls(p=p, a=a, n=n, g=(one.x, one.y))

    @property
    def size(self) -> int:
        """Octets of a coordinate."""
        return -(-self.p.bit_length() // 8)

    def plus(self, first: Point, second: Point) -> Point:
        """Add two points."""
        if first is None or second is None:
            return first or second
        (x1, y1), (x2, y2) = first, second
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        slope = (
            (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
            if first == second
            else (y2 - y1) * pow(x2 - x1, -1, self.p)
        ) % self.p
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def times(self, factor: int, point: Point) -> tuple[int, int]:
        """Add a point to itself so many times."""
        total: Point = None
        while factor:
            if factor & 1:
                total = self.plus(total, point)
            point, factor = self.plus(point, point), factor >> 1
        if total is None:
            raise ValueError(factor)
        return total

    def octets(self, point: tuple[int, int]) -> bytes:
        """Return a point as it travels."""
        return b"\x04" + b"".join(each.to_bytes(self.size, "big") for each in point)

    def point(self, octets: bytes) -> tuple[int, int]:
        """Return a point that travelled."""
        return int.from_bytes(octets[1 : 1 + self.size], "big"), int.from_bytes(
            octets[1 + self.size :], "big"
        )


_PARAMETERS: Final = {
    "secp256r1": (
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    "brainpoolP256r1": (
        0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
        0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
        0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
    ),
    "secp384r1": (
        int(
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
            "FFFFFFFF0000000000000000FFFFFFFF",
            16,
        ),
        int(
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
            "FFFFFFFF0000000000000000FFFFFFFC",
            16,
        ),
        int(
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF"
            "581A0DB248B0A77AECEC196ACCC52973",
            16,
        ),
    ),
    "brainpoolP384r1": (
        int(
            "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123"
            "ACD3A729901D1A71874700133107EC53",
            16,
        ),
        int(
            "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F"
            "8AA5814A503AD4EB04A8C7DD22CE2826",
            16,
        ),
        int(
            "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7"
            "CF3AB6AF6B7FC3103B883202E9046565",
            16,
        ),
    ),
    "brainpoolP512r1": (
        int(
            "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330871"
            "7D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
            16,
        ),
        int(
            "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC"
            "2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA",
            16,
        ),
        int(
            "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870"
            "553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069",
            16,
        ),
    ),
    "secp521r1": (
        int(
            "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFF",
            16,
        ),
        int(
            "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFC",
            16,
        ),
        int(
            "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386"
            "409",
            16,
        ),
    ),
}
