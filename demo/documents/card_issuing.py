"""Who lets terminals ask cards things (CVCA, document verifier), and the certificates that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.documents.encoding import oid_value, tlv
from demo.documents.states import elliptic, parameters_of

AUTHORITY: Final = 3
VERIFIER: Final = 2
TERMINAL: Final = 0
EVERYTHING: Final = (1 << 38) - 1
LOGIN: Final = 1 << 8 | 1 << 10
"""The right to read the kind of a card and its last day."""
SHA256: Final = "0.4.0.127.0.7.2.2.2.2.3"


@dataclass(frozen=True, kw_only=True)
class CardWish:
    """What a certificate is to say."""

    holder: bytes
    role: int
    rights: int
    begins: date
    ends: date
    protocol: str = SHA256
    parameters: bool = False


@dataclass(frozen=True, kw_only=True)
class CardParty:
    """A holder of such a certificate, with its key."""

    holder: bytes
    certificate: bytes
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def certifies(self, key: ec.EllipticCurvePrivateKey, wish: CardWish) -> CardParty:
        """Return somebody with a certificate by this one."""
        made = written(key, wish, self.holder, self.key)
        return CardParty(holder=wish.holder, certificate=made, key=key)


@dataclass(frozen=True, kw_only=True)
class CardChain:
    """An authority, a verifier and a terminal: what the hub of the demo shows to cards."""

    authority: CardParty
    verifier: CardParty
    terminal: CardParty

    @classmethod
    def founded(cls, today: date) -> CardChain:
        """Return new ones: the authority for years, the terminal for a month."""
        long, short = timedelta(days=1_000), timedelta(days=31)
        wish = CardWish(
            holder=b"NLDEMOCVCA00001",
            role=AUTHORITY,
            rights=EVERYTHING,
            begins=today - long,
            ends=today + long,
            parameters=True,
        )
        key = elliptic()
        authority = CardParty(holder=wish.holder, certificate=written(key, wish, wish.holder, key), key=key)
        verifier = authority.certifies(
            elliptic(),
            CardWish(
                holder=b"NLDEMODV00001",
                role=VERIFIER,
                rights=EVERYTHING,
                begins=today - short,
                ends=today + long,
            ),
        )
        terminal = verifier.certifies(
            elliptic(),
            CardWish(
                holder=b"NLDEMOHUB00001",
                role=TERMINAL,
                rights=LOGIN,
                begins=today - timedelta(days=1),
                ends=today + short,
            ),
        )
        return cls(authority=authority, verifier=verifier, terminal=terminal)

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The authority's first."""
        return tuple(each.certificate for each in (self.authority, self.verifier, self.terminal))


def written(
    key: ec.EllipticCurvePrivateKey, wish: CardWish, authority: bytes, by: ec.EllipticCurvePrivateKey
) -> bytes:
    """TR-03110-3, C.1: a certificate."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    numbers = parameters_of(key) if wish.parameters else (b"",) * 6
    p, a, b, g, n, cofactor = numbers
    parts = [tlv(0x06, oid_value(wish.protocol))]
    if wish.parameters:
        parts += [tlv(0x81, p), tlv(0x82, a), tlv(0x83, b), tlv(0x84, g), tlv(0x85, n)]
    parts.append(tlv(0x86, point))
    if wish.parameters:
        parts.append(tlv(0x87, cofactor))
    body = tlv(
        0x7F4E,
        tlv(0x5F29, b"\x00"),
        tlv(0x42, authority),
        tlv(0x7F49, *parts),
        tlv(0x5F20, wish.holder),
        template(wish.role, wish.rights),
        tlv(0x5F25, digits(wish.begins)),
        tlv(0x5F24, digits(wish.ends)),
    )
    return tlv(0x7F21, body, tlv(0x5F37, side_by_side(by, body)))


def template(role: int, rights: int) -> bytes:
    """Return a role of an authentication terminal, with its rights."""
    value = (role << 38 | rights).to_bytes(5, "big")
    return tlv(0x7F4C, tlv(0x06, oid_value("0.4.0.127.0.7.3.1.2.2")), tlv(0x53, value))


def digits(day: date) -> bytes:
    """Return a day: six octets, one digit in each."""
    return bytes(int(sign) for sign in day.strftime("%y%m%d"))


def side_by_side(key: ec.EllipticCurvePrivateKey, what: bytes) -> bytes:
    """ECDSA with its two numbers side by side."""
    r, s = decode_dss_signature(key.sign(what, ec.ECDSA(hashes.SHA256())))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
