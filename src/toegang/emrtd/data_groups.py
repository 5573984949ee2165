"""The files of a document: their tags, and what of them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from toegang.emrtd.algorithms import PublicKey, public_key
from toegang.emrtd.dates import PartialDate, calendar
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.mrz import Mrz
from toegang.emrtd.security_infos import Spoken
from toegang.emrtd.security_infos import parse as parse_infos
from toegang.emrtd.tlv import read_one, read_set

LONGEST_FILE: Final = 262_144
"""Octets; a face in DG2 has some 20,000. DG2 need not be shown: it is never read here."""
MOST_GROUPS: Final = 16
SECURITY_OBJECT: Final = 0x77
COM: Final = 0x60
SHORT_COM: Final = 0x1E
SHORT_SECURITY_OBJECT: Final = 0x1D
"""Short identifiers of files; a data group's is its number."""
_ZONE: Final = 0x5F1F
_TAGS: Final = 0x5C
_FULL_NAME: Final = 0x5F0E
_FULL_BIRTH: Final = 0x5F2B
_LONGEST_NAME: Final = 512
_BIRTH = re.compile(r"[0-9]{8}", re.ASCII)


class Application(Enum):
    """Which layout of files a chip has; the tags of its data groups, in their order from 1.

    ICAO9303-10-4.6, ISO18013-2-C.3. DG2 to DG4 and DG7 to DG10 of a licence are not used in Europe.
    """

    TRAVEL = (
        0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70,
    )  # fmt: skip
    LICENCE = (0x61, 0x6B, 0x6C, 0x65, 0x67, 0x75, 0x63, 0x76, 0x70, 0x62, 0x6D, 0x71, 0x6F, 0x6E)

    @property
    def active_group(self) -> int:
        """The data group with the key of active authentication: DG15; DG13 of a licence."""
        return 15 if self is Application.TRAVEL else 13

    def tag_of(self, number: int) -> int:
        """Return the tag of a data group.

        Raises:
            DocumentRefused: this application has no such data group.

        """
        if not 1 <= number <= len(self.value):
            refuse(Fault.UNREADABLE, f"no data group {number} in this application")
        return int(self.value[number - 1])


PERSON: Final = 1
DETAILS: Final = 11
PROTOCOLS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """ICAO9303-10-4.7.11: what DG11 adds: the name in full, and the birth with its century."""

    full_name: str | None = field(repr=False)
    birth: PartialDate | None = field(repr=False)


def read_com(file: bytes) -> frozenset[int]:
    """ICAO9303-10-4.6.1: the tags of the data groups that a chip says to have.

    Nobody signed this: it tells a reader what to ask for, and is not believed (ICAO9303-10-4.6.1).

    Raises:
        DocumentRefused: not an EF.COM.

    """
    parts = read_set(read_one(file, COM).value)
    tags = parts.get(_TAGS)
    if tags is None or len(tags) > MOST_GROUPS:
        refuse(Fault.UNREADABLE, "no list of data groups in EF.COM")
    return frozenset(tags)


def read_zone(file: bytes) -> Mrz:
    """ICAO9303-10-4.7.1: the machine-readable zone in DG1.

    Raises:
        DocumentRefused: not a DG1 with a zone.

    """
    octets = read_one(read_one(file, Application.TRAVEL.tag_of(PERSON)).value, _ZONE).value
    try:
        text = octets.decode("ascii")
    except UnicodeDecodeError:
        return refuse(Fault.UNREADABLE, "a zone with other signs")
    return Mrz.parse(text)


def read_details(file: bytes) -> Details:
    """ICAO9303-10-4.7.11: DG11. Dates stand there as eight digits, in older documents two an octet.

    Raises:
        DocumentRefused: not a DG11, or a name or date in it that cannot be read.

    """
    parts = read_set(read_one(file, Application.TRAVEL.tag_of(DETAILS)).value)
    return Details(full_name=_name(parts.get(_FULL_NAME)), birth=_birth(parts.get(_FULL_BIRTH)))


def read_protocols(file: bytes) -> Spoken:
    """ICAO9303-10-4.7.14: DG14: what the chip speaks, signed.

    Raises:
        DocumentRefused: not a DG14.

    """
    return parse_infos(read_one(file, Application.TRAVEL.tag_of(PROTOCOLS)).value)


def read_active_key(file: bytes, application: Application) -> PublicKey:
    """ICAO9303-10-4.7.15, ISO18013-3-8.3: the key of active authentication.

    Raises:
        DocumentRefused: not such a file, or a key that is not on the list.

    """
    return public_key(read_one(file, application.tag_of(application.active_group)).value)


def announced_by(tags: frozenset[int], application: Application) -> frozenset[int]:
    """Return the numbers of the data groups with these tags."""
    numbers: Mapping[int, int] = {tag: at for at, tag in enumerate(application.value, start=1)}
    return frozenset(numbers[tag] for tag in tags if tag in numbers)


def _name(octets: bytes | None) -> str | None:
    if octets is None:
        return None
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return refuse(Fault.UNREADABLE, "a name that is not UTF-8")
    if len(octets) > _LONGEST_NAME or not text.isprintable():
        refuse(Fault.UNREADABLE, "a name of other signs")
    return text


def _birth(octets: bytes | None) -> PartialDate | None:
    if octets is None:
        return None
    text = octets.hex() if len(octets) == 4 else octets.decode("latin-1")  # noqa: PLR2004 two digits an octet
    if not _BIRTH.fullmatch(text):
        refuse(Fault.UNREADABLE, "a date of other signs")
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if year and month and day:
        calendar(year, month, day)
    return PartialDate(year=year or None, month=month or None, day=day or None)
