"""Documents: their files, their keys, and what is printed on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from demo.documents.encoding import integer, oid, sequence, set_of, tlv
from demo.documents.signing import Manner, security_object
from demo.documents.states import Held, PrivateKey, elliptic, public_octets, rivest
from demo.documents.zones import Person, card_zone, key_of_zone, licence_line, passport_zone

TRAVEL: Final = bytes.fromhex("A0000002471001")
LICENCE: Final = bytes.fromhex("A00000045645444C2D3031")
_BSI: Final = "0.4.0.127.0.7"
PACE: Final = f"{_BSI}.2.2.4"
GENERIC: Final = 2
CHIP_MAPPING: Final = 6
CHIP: Final = f"{_BSI}.2.2.3.2"
PLAIN_SHA256: Final = f"{_BSI}.1.1.4.1.3"
AES128: Final = 2
CURVES: Final[Mapping[int, type[ec.EllipticCurve]]] = {
    12: ec.SECP256R1,
    13: ec.BrainpoolP256R1,
    15: ec.SECP384R1,
    16: ec.BrainpoolP384R1,
    17: ec.BrainpoolP512R1,
    18: ec.SECP521R1,
}


@dataclass(frozen=True, kw_only=True)
class Features:
    """What a chip can do.

    `active` is None, "rsa" or "ecdsa". `chip` and `pace` are the last number of a protocol (1 for 3DES, 2 to
    4 for AES), or None; `curve` is the number of PACE's curve.
    """

    active: str | None = "ecdsa"
    chip: int | None = AES128
    pace: int | None = AES128
    curve: int = 13
    mapping: int = GENERIC
    chip_curve: type[ec.EllipticCurve] = ec.BrainpoolP256R1
    basic: bool = True

    @property
    def way(self) -> str:
        """The protocol of PACE: its mapping and its suite."""
        return f"{PACE}.{self.mapping}.{self.pace}"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document: what is on the chip, and what is printed."""

    application: bytes
    groups: Mapping[int, bytes] = field(repr=False)
    security_object: bytes = field(repr=False)
    card_access: bytes | None = field(repr=False)
    printed: str = field(repr=False)
    opens: str = field(repr=False)
    can: str = "123456"
    features: Features
    active_key: PrivateKey | None = field(default=None, repr=False)
    chip_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)

    @property
    def com(self) -> bytes:
        """EF.COM: which data groups there are."""
        tags = bytes(file[0] for _, file in sorted(self.groups.items()))
        return tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, tags))

    def signed_again(self, signer: Held, manner: Manner | None = None) -> Paper:
        """Return the same document with a new EF.SOD."""
        return replace(self, security_object=security_object(self.groups, signer, manner))


def passport(  # noqa: PLR0913 what a state decides of a passport
    person: Person,
    signer: Held,
    *,
    number: str = "SPECI2026",
    expiry: date,
    features: Features | None = None,
    issuer: str = "NLD",
) -> Paper:
    """Return a passport."""
    zone = passport_zone(person, number, expiry, issuer)
    return _travel(zone, person, signer, features or Features())


def identity_card(person: Person, signer: Held, *, number: str = "SPECI2027", expiry: date) -> Paper:
    """Return an identity card."""
    return _travel(card_zone(person, number, expiry), person, signer, Features())


def driving_licence(
    person: Person,
    signer: Held,
    *,
    number: str = "5094962111",
    expiry: date,
    features: Features | None = None,
) -> Paper:
    """Return a driving licence: its keys stand in other data groups, and it is opened by its line."""
    features = features or Features(active="rsa", pace=None)
    line = licence_line(number)
    fields = (
        tlv(0x5F03, b"NLD"),
        tlv(0x5F04, person.family_name.encode()),
        tlv(0x5F05, person.given_names.encode()),
        tlv(0x5F06, bytes.fromhex(person.birth.strftime("%d%m%Y"))),
        tlv(0x5F07, b"Utrecht"),
        tlv(0x5F0A, bytes.fromhex("01012025")),
        tlv(0x5F0B, bytes.fromhex(expiry.strftime("%d%m%Y"))),
        tlv(0x5F0C, b"Gemeente Utrecht"),
        tlv(0x5F0E, number.encode()),
    )
    groups = {
        1: tlv(0x61, tlv(0x5F01, b"e4-DL00 00001"), tlv(0x5F02, *fields), tlv(0x7F63, tlv(0x02, b"\x01"))),
        5: tlv(0x67, b"a signature"),
        6: tlv(0x75, b"a face"),
    }
    return _issued(LICENCE, groups, features, signer, printed=(line, line[1:-1]))


def details(person: Person, *, packed: bool = False) -> bytes:
    """DG11: the name in full and the whole date of birth."""
    name = f"{person.family_name}<<{person.given_names}".encode()
    birth = person.birth.strftime("%Y%m%d")
    written = bytes.fromhex(birth) if packed else birth.encode()
    return tlv(0x6B, tlv(0x5C, b"\x5f\x0e\x5f\x2b"), tlv(0x5F0E, name), tlv(0x5F2B, written))


def _travel(zone: str, person: Person, signer: Held, features: Features) -> Paper:
    groups = {
        1: tlv(0x61, tlv(0x5F1F, zone.replace("\n", "").encode())),
        2: tlv(0x75, b"a face" * 60),
        11: details(person),
    }
    return _issued(TRAVEL, groups, features, signer, printed=(zone, key_of_zone(zone)))


def _issued(
    application: bytes,
    groups: dict[int, bytes],
    features: Features,
    signer: Held,
    *,
    printed: tuple[str, str],
) -> Paper:
    active_group = 13 if application == LICENCE else 15
    groups, active, chip = _with_keys(groups, features, active_group=active_group, active_tag=0x6F)
    return Paper(
        application=application,
        groups=groups,
        security_object=security_object(groups, signer),
        card_access=_card_access(features),
        printed=printed[0],
        opens=printed[1],
        features=features,
        active_key=active,
        chip_key=chip,
    )


def _with_keys(
    groups: dict[int, bytes], features: Features, *, active_group: int, active_tag: int
) -> tuple[dict[int, bytes], PrivateKey | None, ec.EllipticCurvePrivateKey | None]:
    active: PrivateKey | None = None
    infos = _pace_infos(features)
    if features.active:
        active = rivest() if features.active == "rsa" else elliptic(ec.SECP256R1)
        groups = {**groups, active_group: tlv(active_tag, public_octets(active))}
    if features.active == "ecdsa":
        infos.append(sequence(oid("2.23.136.1.1.5"), integer(1), oid(PLAIN_SHA256)))
    chip = elliptic(features.chip_curve) if features.chip else None
    if chip:
        infos.append(sequence(oid(f"{CHIP}.{features.chip}"), integer(1)))
        infos.append(sequence(oid(f"{_BSI}.2.2.1.2"), public_octets(chip)))
    if infos:
        groups = {**groups, 14: tlv(0x6E, set_of(*infos))}
    return groups, active, chip


def _pace_infos(features: Features) -> list[bytes]:
    if features.pace is None:
        return []
    return [sequence(oid(features.way), integer(2), integer(features.curve))]


def _card_access(features: Features) -> bytes | None:
    infos = _pace_infos(features)
    return set_of(*infos) if infos else None
