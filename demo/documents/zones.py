"""What is printed for machines: zones of passports and cards, the line of a driving licence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_SPELLED: Final = {
    "ß": "SS",
    "Æ": "AE",
    "Ø": "OE",
    "Œ": "OE",
    "Þ": "TH",
    "Å": "AA",
    "Ä": "AE",
    "Ö": "OE",
    "Ü": "UE",
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody made up, as a state's register has them."""

    family_name: str
    given_names: str
    birth: date
    sex: str = "F"
    nationality: str = "NLD"
    bsn: str = field(default="", repr=False)


def digit(signs: str) -> str:
    """ICAO 9303-3, 4.9."""
    values = (int(sign, 36) if sign != "<" else 0 for sign in signs)
    return str(sum(value * weight for value, weight in zip(values, [7, 3, 1] * 30, strict=False)) % 10)


def in_letters(name: str) -> str:
    """Return a name in the letters of a zone, spelled as the norm recommends."""
    spelled = "".join(_SPELLED.get(sign, _SPELLED.get(sign.upper(), sign)) for sign in name)
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", spelled.upper()) if not unicodedata.combining(sign)
    )
    return re.sub(r"[^A-Z]+", "<", bare.replace("'", "")).strip("<")


def names(person: Person, room: int) -> str:
    """Both parts of a name, in so much room."""
    both = f"{in_letters(person.family_name)}<<{in_letters(person.given_names)}"
    return both[:room].ljust(room, "<")


def six(day: date) -> str:
    """Return a date as YYMMDD."""
    return day.strftime("%y%m%d")


def passport_zone(person: Person, number: str, expiry: date, issuer: str = "NLD", code: str = "P<") -> str:
    """ICAO 9303-4, 4.2: two lines of 44."""
    data = (person.bsn or "").ljust(14, "<")
    checked = number.ljust(9, "<")
    start = checked + digit(checked)
    birth, end = six(person.birth), six(expiry)
    middle = birth + digit(birth)
    rest = end + digit(end) + data + digit(data)
    first = code.ljust(2, "<") + issuer.ljust(3, "<") + names(person, 39)
    second = start + person.nationality.ljust(3, "<") + middle + person.sex + rest
    return first + "\n" + second + digit(start + middle + rest)


def card_zone(person: Person, number: str, expiry: date, issuer: str = "NLD", code: str = "I<") -> str:
    """ICAO 9303-5, 4.2: three lines of 30; a long number goes on in the optional data."""
    data = (person.bsn or "").ljust(14, "<")
    checked = number[:9].ljust(9, "<")
    tail = data + digit(data) if person.bsn else "<" * 15
    check = digit(checked)
    if len(number) > 9:  # noqa: PLR2004 the room there is
        tail, check = (number[9:] + digit(number) + "<").ljust(15, "<"), "<"
    birth, end = six(person.birth), six(expiry)
    first = code.ljust(2, "<") + issuer.ljust(3, "<") + checked + check + tail
    dates = birth + digit(birth), end + digit(end)
    whole = digit(first[5:] + dates[0] + dates[1] + "<" * 11)
    second = dates[0] + person.sex + dates[1] + person.nationality.ljust(3, "<") + "<" * 11 + whole
    return "\n".join((first, second, names(person, 30)))


def licence_line(number: str, salt: str = "9V4RNR8TB2Q7K", issuer: str = "NLD") -> str:
    """ISO 18013-3, B.8: one line of 30, of which 13 signs are there by chance."""
    line = f"D1{issuer}1{number:<<10}{salt:<<13}"
    return line + digit(line)


def key_of_zone(zone: str) -> str:
    """ICAO 9303-11, 4.3.2: what opens a travel document: number, birth and end with their digits."""
    signs = zone.replace("\n", "")
    if len(signs) == 88:  # noqa: PLR2004 two lines of 44
        second = signs[44:]
        return second[:10] + second[13:20] + second[21:28]
    number, check, rest = signs[5:14], signs[14], signs[15:30]
    if check == "<":
        more = rest.split("<")[0]
        number, check = number + more[:-1], more[-1]
    return number + check + signs[30:37] + signs[38:45]
