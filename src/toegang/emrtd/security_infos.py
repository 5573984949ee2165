"""What a chip says that it speaks: in EF.CardAccess for everybody to read, in DG14 signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from asn1crypto import core

from toegang.emrtd.algorithms import Hash, PublicKey, public_key, standard_key
from toegang.emrtd.asn1 import SecurityInfos, read
from toegang.emrtd.ciphers import Suite
from toegang.emrtd.curves import CURVES, Curve
from toegang.emrtd.faults import Fault, refuse
from toegang.errors import DocumentRefused

_BSI: Final = "0.4.0.127.0.7"
PACE_GENERIC: Final[Mapping[str, Suite]] = {
    f"{_BSI}.2.2.4.2.1": Suite.TDES,
    f"{_BSI}.2.2.4.2.2": Suite.AES128,
    f"{_BSI}.2.2.4.2.3": Suite.AES192,
    f"{_BSI}.2.2.4.2.4": Suite.AES256,
    f"{_BSI}.2.2.4.6.2": Suite.AES128,
    f"{_BSI}.2.2.4.6.3": Suite.AES192,
    f"{_BSI}.2.2.4.6.4": Suite.AES256,
}
"""ICAO9303-11-9.2.3: PACE over elliptic curves with generic mapping; where the chip adds a proof to it (chip
authentication mapping) that is not looked at here."""
PACE: Final = f"{_BSI}.2.2.4."
CHIP_AUTHENTICATION: Final[Mapping[str, Suite]] = {
    f"{_BSI}.2.2.3.2.1": Suite.TDES,
    f"{_BSI}.2.2.3.2.2": Suite.AES128,
    f"{_BSI}.2.2.3.2.3": Suite.AES192,
    f"{_BSI}.2.2.3.2.4": Suite.AES256,
}
"""ICAO9303-11-9.2.7: chip authentication over elliptic curves."""
CHIP_KEY: Final = f"{_BSI}.2.2.1.2"
ACTIVE_AUTHENTICATION: Final = "2.23.136.1.1.5"
PLAIN_ECDSA: Final[Mapping[str, Hash]] = {
    f"{_BSI}.1.1.4.1.3": Hash.SHA256,
    f"{_BSI}.1.1.4.1.4": Hash.SHA384,
    f"{_BSI}.1.1.4.1.5": Hash.SHA512,
}
"""TR03111-5.2.1: ECDSA with its two numbers side by side."""
PACE_VERSION: Final = 2
_MISREAD: Final = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceInfo:
    """ICAO9303-11-9.2.1: one way of PACE that the chip offers; a way that we do not take has no suite."""

    protocol: str
    parameter: int | None
    suite: Suite | None
    curve: Curve | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipKey:
    """ICAO9303-11-9.2.5, 9.2.6: a key for chip authentication with the suites that it may be used with."""

    protocol: str
    suite: Suite
    key: int | None
    public: PublicKey = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Every protocol in a set of security infos that this room knows.

    `announced` says that a protocol is announced at all, also in a way that we do not take.
    """

    pace: tuple[PaceInfo, ...]
    chip_keys: tuple[ChipKey, ...]
    active_hash: Hash | None
    announced: frozenset[str] = field(repr=False)

    @property
    def offers_pace(self) -> bool:
        """ICAO9303-11-4.2: whether the chip offers PACE, in whatever way."""
        return any(protocol.startswith(PACE) for protocol in self.announced)


def parse(octets: bytes) -> Spoken:
    """ICAO9303-11-9.2: read a set of security infos (DER).

    What we do not know is left out: a chip may speak more than we do.

    Raises:
        DocumentRefused: not such a set, or one that we know and that is written otherwise.

    """
    try:
        listed = read(SecurityInfos, octets, whole=False)
        infos = [(str(each["protocol"].dotted), each) for each in listed]
        return Spoken(
            pace=tuple(_pace(protocol, info) for protocol, info in infos if protocol.startswith(PACE)),
            chip_keys=_chip_keys(infos),
            active_hash=_active(infos),
            announced=frozenset(protocol for protocol, _ in infos),
        )
    except _MISREAD as error:
        return refuse(Fault.UNREADABLE, f"security infos: {type(error).__name__}")


def _pace(protocol: str, info: Any) -> PaceInfo:  # noqa: ANN401 asn1crypto has no types
    """ICAO9303-11-9.2.1, 9.2.2: version 2, and a number that names the curve."""
    suite = PACE_GENERIC.get(protocol)
    if suite is None:
        return PaceInfo(protocol=protocol, parameter=None, suite=None, curve=None)
    if _integer(info["required"]) != PACE_VERSION:
        refuse(Fault.UNREADABLE, "PACE of another version")
    number = _optional(info)
    curve = next((each for each in CURVES if each.number == number), None)
    return PaceInfo(protocol=protocol, parameter=number, suite=suite if curve else None, curve=curve)


def _chip_keys(infos: list[tuple[str, Any]]) -> tuple[ChipKey, ...]:
    """ICAO9303-11-9.2.5, 9.2.6: each key with the protocol that names it, or all where none is named.

    A key whose protocol is not named at all is for 3DES, as the first edition had it.
    """
    named = [(protocol, _optional(info)) for protocol, info in infos if protocol in CHIP_AUTHENTICATION]
    found = []
    for protocol, info in infos:
        if protocol == CHIP_KEY:
            number = _optional(info)
            public = _usable(info["required"])
            ways = [way for way, of in named if of is None or number is None or of == number]
            if not named:
                ways = [next(iter(CHIP_AUTHENTICATION))]
            found += [
                ChipKey(protocol=way, suite=CHIP_AUTHENTICATION[way], key=number, public=public)
                for way in ways
                if public is not None
            ]
    return tuple(sorted(found, key=lambda each: each.suite.key_size, reverse=True))


def _active(infos: list[tuple[str, Any]]) -> Hash | None:
    """ICAO9303-11-9.2.4: the hash of active authentication by ECDSA; None where none of the list is named."""
    found = [info for protocol, info in infos if protocol == ACTIVE_AUTHENTICATION]
    if not found or _integer(found[0]["required"]) != 1 or found[0]["optional"].native is None:
        return None
    if len(found) > 1:
        refuse(Fault.UNREADABLE, "active authentication in two ways")
    return PLAIN_ECDSA.get(str(found[0]["optional"].parse(core.ObjectIdentifier).dotted))


def _usable(info: Any) -> PublicKey | None:  # noqa: ANN401 asn1crypto
    """ICAO9303-11-9.5: read a key; None for one that is on no list: the chip may have others.

    Its curve is named, written out, or named by its number of ICAO9303-11-9.5.1.
    """
    octets = info.dump()
    try:
        return standard_key(octets) or public_key(octets)
    except DocumentRefused:
        return None


def _optional(info: Any) -> int | None:  # noqa: ANN401 asn1crypto
    return None if info["optional"].native is None else _integer(info["optional"])


def _integer(value: Any) -> int:  # noqa: ANN401 asn1crypto
    return int(value.parse(core.Integer).native)
