"""The machine-readable zone: what is printed for machines, and stands in DG1 of travel documents.

    TD1   three lines of 30     identity cards
    TD2   two lines of 36       older cards
    TD3   two lines of 44       passports

The line of a driving licence is another thing, and stands in licence.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from toegang.emrtd.access import AccessKey, Printed
from toegang.emrtd.dates import PrintedDate
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.names import FILLER, PrintedName

WEIGHTS: Final = (7, 3, 1)
LONGEST_TEXT: Final = 128
DUTCH: Final = "NLD"
_SIGNS = re.compile(r"[A-Z0-9<]+", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{1,3}<{0,2}", re.ASCII)
_CODE = re.compile(r"[ACIPV][A-Z<]", re.ASCII)
_DUTCH_NUMBER = re.compile(r"([0-9]{9})<<<<<(?:[0-9]|<)?", re.ASCII)
_NUMBER_SIZE: Final = 9
_DATE_SIZE: Final = 6
LONGEST_NUMBER: Final = 22
"""Signs: on a card a number may go on in the optional data (ICAO9303-5-4.2.2)."""


class Form(Enum):
    """ICAO9303-3-4.1: the size of a document, and with it the form of its zone."""

    TD1 = "td1"
    TD2 = "td2"
    TD3 = "td3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrz:
    """A zone whose every check digit is right.

    `bsn` are nine digits where Dutch documents have one; whether it is one is for `identity`.
    """

    form: Form
    code: str
    issuer: str
    name: PrintedName
    number: str = field(repr=False)
    nationality: str
    birth: PrintedDate = field(repr=False)
    sex: str
    expiry: PrintedDate
    optional: str = field(repr=False)
    bsn: str | None = field(repr=False)
    key: AccessKey = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Mrz:
        """ICAO9303-3-4: read a zone: its lines with or without line ends between.

        Raises:
            DocumentRefused: another size, other signs, a check digit that is wrong, or a date that is none.

        """
        if len(text) > LONGEST_TEXT:
            refuse(Fault.TOO_LARGE, "a zone that is longer than any")
        signs = "".join(text.split())
        if not _SIGNS.fullmatch(signs) or len(signs) not in _READERS:
            refuse(Fault.UNREADABLE, "a zone of another size, or with other signs")
        return _READERS[len(signs)](signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """A zone, cut at its fields but not yet believed; `composite` is what the last digit is over."""

    form: Form
    code: str
    issuer: str
    name: str
    number: str
    number_digit: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    optional: str
    composite: str
    digit: str


def check_digit(signs: str) -> str:
    """ICAO9303-3-4.9: the remainder by ten of the sum of the signs, weighed by 7, 3 and 1 in turn."""
    return str(sum(_value(sign) * WEIGHTS[at % 3] for at, sign in enumerate(signs)) % 10)


def key_of(number: str, birth: str, expiry: str) -> AccessKey:
    """ICAO9303-11-9.7.2: the key to a document from what a person reads off it: number, and dates as YYMMDD.

    Raises:
        DocumentRefused: other signs than a zone has, or no dates.

    """
    filled = number.upper().replace(" ", "").ljust(_NUMBER_SIZE, FILLER)
    if not _SIGNS.fullmatch(filled) or len(filled) > LONGEST_NUMBER:
        refuse(Fault.UNREADABLE, "a number with other signs than a zone has")
    for each in (birth, expiry):
        if len(each) != _DATE_SIZE or not (each.isascii() and each.isdigit()):
            refuse(Fault.UNREADABLE, "a date that is not YYMMDD")
        PrintedDate.parse(each)
    parts = (filled, birth, expiry)
    return AccessKey(printed=Printed.MRZ, information="".join(each + check_digit(each) for each in parts))


def _value(sign: str) -> int:
    return 0 if sign == FILLER else int(sign, 36)


def _td1(signs: str) -> Mrz:
    """ICAO9303-5-4.2: the zone of a card."""
    first, second, third = signs[:30], signs[30:60], signs[60:]
    cut = _Cut(
        form=Form.TD1,
        code=first[:2],
        issuer=first[2:5],
        number=first[5:14],
        number_digit=first[14],
        optional=first[15:],
        birth=second[:7],
        sex=second[7],
        expiry=second[8:15],
        nationality=second[15:18],
        composite=first[5:] + second[:7] + second[8:15] + second[18:29],
        digit=second[29],
        name=third,
    )
    return _believed(cut)


def _two_lines(form: Form, first: str, second: str) -> _Cut:
    return _Cut(
        form=form,
        code=first[:2],
        issuer=first[2:5],
        name=first[5:],
        number=second[:9],
        number_digit=second[9],
        nationality=second[10:13],
        birth=second[13:20],
        sex=second[20],
        expiry=second[21:28],
        optional=second[28:-1],
        composite=second[:10] + second[13:20] + second[21:-1],
        digit=second[-1],
    )


def _td2(signs: str) -> Mrz:
    """ICAO9303-6-4.2: the zone of an older card."""
    return _believed(_two_lines(Form.TD2, signs[:36], signs[36:]))


def _td3(signs: str) -> Mrz:
    """ICAO9303-4-4.2: the zone of a passport; its optional data has a digit of its own, or is empty."""
    cut = _two_lines(Form.TD3, signs[:44], signs[44:])
    data, digit = cut.optional[:14], cut.optional[14]
    if digit != check_digit(data) and not (digit == FILLER and not data.strip(FILLER)):
        refuse(Fault.UNREADABLE, "the check digit of the optional data")
    return _believed(replace(cut, optional=data))


def _believed(cut: _Cut) -> Mrz:
    """ICAO9303-3-4.9: check every digit, then read the fields.

    1. The digits of number, dates and the whole.
    2. A number of more than nine signs goes on in the optional data, its digit after it (ICAO9303-5-4.2.2).
    3. Codes are letters, dates are dates, the sex is one of three.
    """
    # 1. and 2.
    number, digit, optional = _whole_number(cut)
    for what, signs, said in (
        ("number", number, digit),
        ("date of birth", cut.birth[:6], cut.birth[6]),
        ("end", cut.expiry[:6], cut.expiry[6]),
        ("whole", cut.composite, cut.digit),
    ):
        if check_digit(signs) != said:
            refuse(Fault.UNREADABLE, f"the check digit of the {what}")
    # 3.
    if not (_CODE.fullmatch(cut.code) and _LETTERS.fullmatch(cut.issuer)):
        refuse(Fault.UNREADABLE, "no document code, or no issuer")
    if not _LETTERS.fullmatch(cut.nationality) or cut.sex not in "MF<" or not cut.name.strip(FILLER):
        refuse(Fault.UNREADABLE, "no nationality, name or sex where they belong")
    printed = number + digit + cut.birth + cut.expiry
    issuer = cut.issuer.rstrip(FILLER)
    return Mrz(
        form=cut.form,
        code=cut.code.rstrip(FILLER),
        issuer=issuer,
        name=PrintedName.parse(cut.name),
        number=number.rstrip(FILLER),
        nationality=cut.nationality.rstrip(FILLER),
        birth=PrintedDate.parse(cut.birth[:6]),
        sex=cut.sex.replace(FILLER, "X"),
        expiry=PrintedDate.parse(cut.expiry[:6]),
        optional=optional.strip(FILLER),
        bsn=_bsn(issuer, cut.optional),
        key=AccessKey(printed=Printed.MRZ, information=printed),
    )


def _whole_number(cut: _Cut) -> tuple[str, str, str]:
    """Return the number, its digit and the rest of the optional data."""
    if cut.form is Form.TD3 or cut.number_digit != FILLER:
        return cut.number, cut.number_digit, cut.optional
    more, _, rest = cut.optional.partition(FILLER)
    if not more:
        refuse(Fault.UNREADABLE, "a number without its check digit")
    return cut.number + more[:-1], more[-1], rest


def _bsn(issuer: str, optional: str) -> str | None:
    """Where Dutch documents have it: nine digits at the beginning of the optional data.

    Since March 2014 with five fillers and a check digit after it; documents of 2021 and later have none.
    """
    found = _DUTCH_NUMBER.fullmatch(optional) if issuer == DUTCH else None
    return found.group(1) if found else None


_READERS: Final = {90: _td1, 72: _td2, 88: _td3}
