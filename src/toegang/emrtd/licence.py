"""The driving licence as a document: its line, and what its DG1 says.

What is relied on, and what of it is published, stands in docs/protocols/emrtd.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from toegang.emrtd.access import AccessKey, Printed
from toegang.emrtd.dates import calendar
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.mrz import check_digit
from toegang.emrtd.tlv import read_one, read_set

LINE_SIZE: Final = 30
DATE_SIZE: Final = 4
LONGEST_TEXT: Final = 108
"""Octets; ISO18013-2 gives names 36 signs, which UTF-8 writes in three octets at most."""
_LINE = re.compile(r"D[1-9A-Z][A-Z]{3}[A-Z0-9<]{24}[0-9]", re.ASCII)
_DEMOGRAPHIC: Final = 0x5F02
_STATE: Final = 0x5F03
_SURNAME: Final = 0x5F04
_OTHER_NAMES: Final = 0x5F05
_BIRTH: Final = 0x5F06
_EXPIRY: Final = 0x5F0B
_NUMBER: Final = 0x5F0E


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceLine:
    """ISO18013-3-B.8: the one line of a driving licence: D, how it opens, the state, and what is its key.

    Of a Dutch licence the ten signs after its version are the number of the licence.
    """

    issuer: str
    number: str = field(repr=False)
    key: AccessKey = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> LicenceLine:
        """ISO18013-3-B.8: read the line; its last sign is the check digit of all before it.

        Raises:
            DocumentRefused: another size, other signs, or another digit.

        """
        signs = text.strip()
        if len(signs) != LINE_SIZE or not _LINE.fullmatch(signs):
            refuse(Fault.UNREADABLE, "not the line of a driving licence")
        if check_digit(signs[:-1]) != signs[-1]:
            refuse(Fault.UNREADABLE, "the check digit of the line")
        key = AccessKey(printed=Printed.MRZ, information=signs[1:-1])
        return cls(issuer=signs[2:5], number=signs[6:16], key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceData:
    """ISO18013-2-C.4: the holder and the licence, as DG1 has them."""

    issuer: str
    surname: str = field(repr=False)
    other_names: str = field(repr=False)
    birth: date = field(repr=False)
    expiry: date
    number: str = field(repr=False)

    @classmethod
    def parse(cls, content: bytes) -> LicenceData:
        """ISO18013-2-C.4: read the content of DG1.

        The tag of the data says that it is one value, and objects stand in it all the same.

        Raises:
            DocumentRefused: a field lacks, stands there twice, or cannot be read.

        """
        parts = read_set(content)
        fields = read_set(parts.get(_DEMOGRAPHIC, b""))
        missing = [
            tag for tag in (_STATE, _SURNAME, _OTHER_NAMES, _BIRTH, _EXPIRY, _NUMBER) if tag not in fields
        ]
        if missing:
            refuse(Fault.UNREADABLE, f"a driving licence without {missing[0]:X}")
        return cls(
            issuer=_text(fields[_STATE]),
            surname=_text(fields[_SURNAME]),
            other_names=_text(fields[_OTHER_NAMES]),
            birth=_date(fields[_BIRTH]),
            expiry=_date(fields[_EXPIRY]),
            number=_text(fields[_NUMBER]),
        )


def read_licence(file: bytes, tag: int) -> LicenceData:
    """Read DG1 of a driving licence from its file."""
    return LicenceData.parse(read_one(file, tag).value)


def _text(octets: bytes) -> str:
    """ISO18013-2-8.4: Latin-1; UTF-8 is seen too, and is hardly ever something else by chance."""
    if not 0 < len(octets) <= LONGEST_TEXT:
        refuse(Fault.UNREADABLE, "a text of no honest length")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    if not text.isprintable() or not text.strip():
        refuse(Fault.UNREADABLE, "a text of other signs")
    return text.strip()


def _date(octets: bytes) -> date:
    """ISO18013-2-C.4: DDMMYYYY, two digits an octet."""
    digits = octets.hex()
    if len(octets) != DATE_SIZE or not digits.isdigit():
        refuse(Fault.UNREADABLE, "a date of other signs")
    return calendar(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
